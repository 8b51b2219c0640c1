import { shown, table } from './table.js';

test('a table has a column as wide as its widest cell', () => {
  expect(
    table([
      ['what', 'measured', 'aim'],
      ['rebuild', '9', '50,000'],
      ['a long name', '12,345', ''],
    ]),
  ).toBe(
    [
      'what         measured     aim',
      '─────────────────────────────',
      'rebuild             9  50,000',
      'a long name    12,345',
    ].join('\n'),
  );
});

test.each([
  [0.123_456, '0.12'],
  [1.204, '1.2'],
  [12.345, '12.3'],
  [250, '250'],
  [12_345.6, '12,346'],
  [NaN, '–'],
])('%d is shown as %s', (value, expected) => {
  expect(shown(value)).toBe(expected);
});
