import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ACCUMULATOR_NAMES } from '../src/aggregate/group.js';
import { LOOKUP_OPTIONS } from '../src/aggregate/lookup.js';
import { STAGE_NAMES } from '../src/aggregate/stages.js';
import { UNWIND_OPTIONS } from '../src/aggregate/unwind.js';
import { REFUSED_TYPES } from '../src/bson/types.js';
import { COMMON_FIELDS } from '../src/commands/context.js';
import { INDEX_OPTIONS } from '../src/commands/indexes.js';
import { SOURCE_STAGES } from '../src/commands/stats.js';
import { COMMANDS } from '../src/commands/table.js';
import { DELETE_FIELDS, UPDATE_FIELDS } from '../src/commands/write.js';
import { EXPRESSION_OPERATORS } from '../src/query/expression.js';
import { FIELD_OPERATORS, LOGICAL_OPERATORS } from '../src/query/matcher.js';
import { REGEX_OPTIONS } from '../src/query/regex.js';
import { OPERATORS } from '../src/update/update.js';

const file = fileURLToPath(new URL('../dialect.md', import.meta.url));
const dialect = readFileSync(file, 'utf8');

const OPEN_COMMANDS = Object.keys(COMMANDS).filter((name) => COMMANDS[name]?.isOpen);

const quoted = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).sort();

/** The names in the text from one phrase to another. */
function listed(from: string, to: string): string[] {
  const start = dialect.indexOf(from) + from.length;
  expect([from, dialect.includes(from)]).toEqual([from, true]);
  return quoted(dialect.slice(start, dialect.indexOf(to, start)));
}

const sorted = (names: Iterable<string>): string[] => [...names].sort();

describe('the list of what is served', () => {
  it('names each command with its fields', () => {
    const rows = dialect.split('\n').filter((line) => line.startsWith('| `'));
    const commands = rows.map((row) => {
      const [, command = '', fields = ''] = row.split('|');
      return [quoted(command)[0], quoted(fields)];
    });
    const known = Object.entries(COMMANDS).map(([name, { fields }]) => [name, sorted(fields)]);
    expect(commands).toEqual(known);
  });

  it.each<[string, string, string, Iterable<string>]>([
    ['the fields of all commands', 'All take ', '. One server', COMMON_FIELDS],
    ['commands before a client has signed in', 'have not signed in: ', '. All', OPEN_COMMANDS],
    ['the fields of an update', '`update` has ', '; one', UPDATE_FIELDS],
    ['the fields of a delete', 'one of `delete` has ', '. `explain`', DELETE_FIELDS],
    ['types that are refused', 'All of BSON but for ', '.', Object.values(REFUSED_TYPES)],
    ['operators beside fields', 'Beside fields: ', '\n\n', LOGICAL_OPERATORS],
    ['operators of a field', 'Of a field: ', '\n\n', FIELD_OPERATORS],
    ['options of patterns', 'Options of regular expressions: ', '\n\n', REGEX_OPTIONS],
    ['update operators', '## Update operators\n', 'Paths', Object.keys(OPERATORS)],
    ['stages', 'Of a pipeline: ', '\n\n', STAGE_NAMES],
    ['stages at the beginning', 'instead of documents: ', '\n\n', SOURCE_STAGES],
    ['options of $unwind', '`$unwind` takes ', '. `$lookup`', [...UNWIND_OPTIONS]],
    ['options of $lookup', '`$lookup` takes ', ': two fields', LOOKUP_OPTIONS],
    ['accumulators', '## Accumulators\n', '##', ACCUMULATOR_NAMES],
    ['expression operators', '`$expr`: ', '\n\n', EXPRESSION_OPERATORS],
    ['options of an index', '32 fields, with ', '.', INDEX_OPTIONS],
  ])('names %s', (_, from, to, names) => {
    expect(listed(from, to)).toEqual(sorted(names));
  });
});
