import { ApiExtension } from '@nestjs/swagger';
import type { Problem, ProblemDocument } from './problem.js';

export const REFUSALS_EXTENSION = 'x-refusals';

const REQUEST_ID = '0f8b0c1e-6f0e-4a5e-9d3c-2b7a1c9e4d55';

/** A problem as the OpenAPI document shows it; the path is that of the operation. */
export const exampleOf = (problem: Problem): ProblemDocument => problem.toDocument('', REQUEST_ID);

/**
 * Names what only this route refuses, for the OpenAPI document. What follows from its permission and
 * from its input is described without being named.
 */
export const Refuses = (...problems: readonly Problem[]): MethodDecorator =>
  ApiExtension(
    REFUSALS_EXTENSION,
    // Extensions are copied, and the copy of an error loses what makes it one; so they hold plain examples.
    problems.map(exampleOf),
  );
