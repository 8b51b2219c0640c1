import { Readable } from 'node:stream';
import type { AuditEntry } from '@keytrail/read-models';
import { stringify } from 'csv-stringify';
import { toEntry } from '../read-audit/audit.dto.js';
import type { Entry } from '../read-audit/audit.dto.js';

type Entries = AsyncIterable<AuditEntry>;

interface ExportFormat {
  readonly contentType: string;
  readonly serialize: (entries: Entries) => Readable;
}

const columns = [
  ['position', ({ position }) => position],
  ['id', ({ id }) => id],
  ['type', ({ type }) => type],
  ['at', ({ at }) => at],
  ['apiKeyId', ({ apiKeyId }) => apiKeyId],
  ['apiKeyName', ({ apiKeyName }) => apiKeyName],
  ['apiKeyPrefix', ({ apiKeyPrefix }) => apiKeyPrefix],
  ['actorType', ({ actor }) => actor.type],
  ['actorId', ({ actor }) => actor.id],
  ['actorLabel', ({ actor }) => actor.label],
  ['ip', ({ ip }) => ip],
  ['userAgent', ({ userAgent }) => userAgent],
  ['requestId', ({ requestId }) => requestId],
  ['details', ({ details }) => JSON.stringify(details)],
] as const satisfies readonly (readonly [string, (entry: Entry) => string | null])[];

export const exportFormats: Readonly<Record<'csv' | 'jsonl', ExportFormat>> = {
  csv: { contentType: 'text/csv; charset=utf-8', serialize: toCsv },
  jsonl: { contentType: 'application/jsonl; charset=utf-8', serialize: toJsonLines },
};

function toCsv(entries: Entries): Readable {
  const csv = stringify({
    header: true,
    columns: columns.map(([name]) => name),
    // A cell that begins like a formula would be run by a spreadsheet.
    escape_formulas: true,
  });
  const rows = Readable.from(rowsOf(entries));
  rows.on('error', (error) => csv.destroy(error));
  return rows.pipe(csv);
}

async function* rowsOf(entries: Entries): AsyncGenerator<(string | null)[]> {
  for await (const entry of entries) {
    const shown = toEntry(entry);
    yield columns.map(([, cell]) => cell(shown));
  }
}

function toJsonLines(entries: Entries): Readable {
  return Readable.from(linesOf(entries), { objectMode: false });
}

async function* linesOf(entries: Entries): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(toEntry(entry))}\n`;
}
