import { combine } from '@keytrail/platform';
import { registerDecorator } from 'class-validator';
import { logTypes } from '../../events/feed-types.js';
import { IsTextField } from '../../http/fields.js';

/** The types that a filter names, separated by commas. */
export const typesIn = (filter: string): string[] =>
  filter.split(',').filter((name) => name !== '');

/**
 * Event types, separated by commas. An unknown one is refused: its empty list would read as a trail
 * in which nothing of the kind ever happened.
 */
export function IsEventTypesField(description: string): PropertyDecorator {
  return combine(IsTextField(description), (target, propertyName) => {
    registerDecorator({
      name: 'isEventTypes',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (filter: unknown) =>
          typeof filter === 'string' && typesIn(filter).every((name) => logTypes.includes(name)),
        defaultMessage: () => `must be event types, separated by commas: ${logTypes.join(', ')}`,
      },
    });
  });
}
