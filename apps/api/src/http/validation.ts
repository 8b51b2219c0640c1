import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { badInput } from './problem.js';
import type { FieldError, Problem } from './problem.js';

/** Refuses unknown fields and wrong types with 400 and a list of what is wrong. */
export const createValidationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    exceptionFactory: toBadInput,
  });

function toBadInput(errors: readonly ValidationError[]): Problem {
  return badInput(errors.flatMap((error) => fieldErrors(error, '')));
}

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const field = path + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message:
      rule === 'whitelistValidation'
        ? 'is not a known field'
        : message.replace(`${error.property} `, ''),
  }));
  return [
    ...own.slice(0, 1),
    ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`)),
  ];
}
