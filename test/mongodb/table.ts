import { commands, operators, options } from './manual.js';
import type { Reference } from './manual.js';
import type { Row } from './recorder.js';

const MANUAL = 'https://www.mongodb.com/docs/manual/';

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');

const toCells = (row: Row): string[] => [
  code([row.command]),
  row.inTransaction ? 'yes' : 'no',
  code(row.collections),
  code(row.options),
  code(row.operators),
];

const heads = ['command', 'in a transaction', 'collections', 'options', 'operators'];

export const commandTable = (rows: readonly Row[]): string => table(heads, rows.map(toCells));

/** The rows that a table of commands holds. */
export function readCommandTable(text: string): Row[] {
  const names = (cell = ''): string[] =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
  return text
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .filter(
      ([, command = '', inTransaction = '']) =>
        /^`\w+`$/.test(command) && /^(yes|no)$/.test(inTransaction),
    )
    .map(([, command, inTransaction, collections, ownOptions, ownOperators]) => ({
      command: names(command)[0] ?? '',
      inTransaction: inTransaction === 'yes',
      collections: names(collections),
      options: names(ownOptions),
      operators: names(ownOperators),
    }));
}

/** Where the manual describes all that these rows name. */
export function referenceTable(rows: readonly Row[]): string {
  const used = (names: (row: Row) => readonly string[]): Set<string> =>
    new Set(rows.flatMap(names));
  const of = (references: Readonly<Record<string, Reference>>, names: Set<string>): string[][] =>
    Object.entries(references)
      .filter(([name]) => names.has(name))
      .map(([name, { page, since, inTransaction }]) => [
        code([name]),
        `[${page}](${MANUAL}${page})`,
        since,
        inTransaction ? 'yes' : 'no',
      ]);
  return table(
    ['name', 'page of the manual', 'since', 'allowed in a transaction'],
    [
      ...of(
        commands,
        used(({ command }) => [command]),
      ),
      ...of(
        options,
        used((row) => row.options),
      ),
      ...of(
        operators,
        used((row) => row.operators),
      ),
    ],
  );
}
