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
      if (inherited.length > 0) throw badInput(unknownFields(inherited));
    }
    return super.transform(value, metadata);
  }
}

function toBadInput(errors: readonly ValidationError[]): Problem {
  return badInput(errors.flatMap((error) => fieldErrors(error, '')));
}

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const field = path + error.property;
  const own = Object.entries(error.constraints ?? {}).flatMap(([rule, message]) =>
    rule === 'whitelistValidation'
      ? unknownFields([field])
      : [{ field, message: message.replace(`${error.property} `, '') }],
  );
  return [
    ...own.slice(0, 1),
    ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`)),
  ];
}
