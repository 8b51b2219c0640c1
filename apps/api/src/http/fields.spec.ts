import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IsInstantField } from './fields.js';

class Query {
  @IsInstantField('When.')
  at?: Date;
}

/** The instant that a query names; `null` where it is refused. */
function instantOf(at: unknown): string | null {
  const query = plainToInstance(Query, { at });
  return validateSync(query).length > 0 ? null : (query.at?.toISOString() ?? null);
}

describe('an instant in a query', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
    // An entry of .123 is before it, as it is before .124.
    ['2026-01-31T09:30:15.123456789Z', '2026-01-31T09:30:15.124Z'],
    ['2026-01-31T09:30:15.123000000Z', '2026-01-31T09:30:15.123Z'],
    ['2026-01-31T23:59:59.9999Z', '2026-02-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['0100-01-01', '0100-01-01T00:00:00.000Z'],
    ['2026-01-31T09:30:00+02:00', '2026-01-31T07:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T24:00', '2026-02-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOf(text)).toBe(instant);
  });

  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-04-31T09:30:00Z',
    '2026-01-31T24:30',
    '2026-01-31T09:30:00+25:00',
    '2026-01-31T09:30:00 02:00',
    '2026-01-31 09:30',
    '9999-12-31T23:59:59-01:00',
    '9999-12-31T23:59:59.9999Z',
    '0000-01-01T00:00:00+01:00',
    '2026-W05-6',
    '2026-031',
    '20260131',
    '+002026-01-31',
    '1769850000000',
    'yesterday',
    '',
    ['2026-01-31', '2026-02-01'],
  ])('%j is refused', (text) => {
    expect(instantOf(text)).toBeNull();
  });
});
