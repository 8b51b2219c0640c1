import { ValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { badInput } from './problem.js';
import type { FieldError, Problem } from './problem.js';
import { inheritedNames, unknownFields } from './unknown-fields.js';

/** Refuses unknown fields and wrong types with 400 and a list of what is wrong. */
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      exceptionFactory: toBadInput,
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' || metadata.type === 'query') {
      const inherited = inheritedNames(value);
      if (metadata.type === 'body' && !isObjectOrNone(value)) {
        throw badInput([{ field: 'body', message: 'must be a JSON object' }]);
      }
      if (inherited.length > 0) throw badInput(unknownFields(inherited));
    }
    return super.transform(value, metadata);
  }
}

const isObjectOrNone = (body: unknown): boolean =>
  body === undefined || (typeof body === 'object' && !Array.isArray(body));

function toBadInput(errors: readonly ValidationError[]): Problem {
  return badInput(errors.flatMap((error) => fieldErrors(error, '')));
}

/** The rules that are reported first: only a text has a length, and only a present value a format. */
const BEFORE_ALL_ELSE = ['isDefined', 'isString', 'isObject'];

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const field = path + error.property;
  const own = ownError(error, field);
  return own.length > 0
    ? own
    : (error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`));
}

/** The most fundamental thing that is wrong with a field itself. */
function ownError({ constraints = {}, property }: ValidationError, field: string): FieldError[] {
  if ('whitelistValidation' in constraints) return unknownFields([field]);
  const first = BEFORE_ALL_ELSE.find((rule) => rule in constraints);
  const message = first === undefined ? Object.values(constraints)[0] : constraints[first];
  if (message === undefined) return [];
  // Messages of our own have no subject; those of the validator begin with the name of the field.
  const subject = `${property} `;
  return [
    { field, message: message.startsWith(subject) ? message.slice(subject.length) : message },
  ];
}
