import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { commands, operators, options } from './manual.js';
import { runProduct } from './product-run.js';
import { CommandRecorder, keyOf } from './recorder.js';
import type { Row } from './recorder.js';
import { commandTable, readCommandTable, referenceTable } from './table.js';

const file = new URL('../../docs/mongodb-commands.md', import.meta.url);
/** Writes the tables anew from what the product sends. */
const isToWrite = process.env['WRITE_MONGODB_COMMANDS'] === '1';

let sent: readonly Row[];
let documented: ReadonlyMap<string, Row>;

beforeAll(async () => {
  const recorder = new CommandRecorder().start();
  await runProduct(recorder);
  sent = recorder.stop();
  if (isToWrite) await writeTables(sent);
  const rows = readCommandTable(await readFile(file, 'utf8'));
  documented = new Map(rows.map((row) => [keyOf(row), row]));
}, 120_000);

async function writeTables(rows: readonly Row[]): Promise<void> {
  const text = await readFile(file, 'utf8');
  const between = (name: string, content: string) => (before: string) =>
    before.replace(
      new RegExp(`(<!-- ${name} -->)[^]*(<!-- end of ${name} -->)`),
      (_, begin: string, end: string) => `${begin}\n\n${content}\n\n${end}`,
    );
  const written = between(
    'references',
    referenceTable(rows),
  )(between('commands', commandTable(rows))(text));
  await writeFile(file, await format(written, { parser: 'markdown', printWidth: 100 }));
}

const missing = (names: readonly string[], known: readonly string[]): string[] =>
  names.filter((name) => !known.includes(name));

/** What a row holds that the documentation does not. */
function undocumentedIn(row: Row): string[] {
  const known = documented.get(keyOf(row));
  if (!known) return [keyOf(row)];
  return [
    ...missing(row.collections, known.collections),
    ...missing(row.options, known.options),
    ...missing(row.operators, known.operators),
  ].map((name) => `${keyOf(row)}: ${name}`);
}

describe('docs/mongodb-commands.md', () => {
  it('names every command, option and operator that the product sends (else: WRITE_MONGODB_COMMANDS=1)', () => {
    expect(sent.flatMap(undocumentedIn)).toEqual([]);
  });

  it('names no command that the product does not send', () => {
    const all = sent.map(keyOf);
    expect([...documented.keys()].filter((key) => !all.includes(key))).toEqual([]);
  });

  it('tells for each where the manual describes it, and nothing stands in a transaction that may not', () => {
    const faults = [...documented.values()].flatMap((row) => {
      const references = [
        commands[row.command] ?? row.command,
        ...row.operators.map((name) => operators[name] ?? name),
        ...row.options.flatMap((name) =>
          name.includes(': ') ? (options[name] ?? name) : (options[name] ?? []),
        ),
      ];
      return references.filter(
        (reference) =>
          typeof reference === 'string' || (row.inTransaction && !reference.inTransaction),
      );
    });
    expect(faults).toEqual([]);
  });
});
