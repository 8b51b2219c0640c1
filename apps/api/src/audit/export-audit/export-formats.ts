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
    // As RFC 4180 has it, and as spreadsheets take UTF-8.
    ...{ bom: true, record_delimiter: '\r\n', quoted: true, quoted_empty: true },
    cast: { string: disarmed },
  });
  const rows = Readable.from(rowsOf(entries));
  rows.on('error', (error) => csv.destroy(error));
  return rows.pipe(csv);
}

/** What begins a formula, where a cell begins or where some spreadsheets would split one. */
const FORMULA = /(^|[;\t\r\n|])(\s*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** A cell of which no spreadsheet runs any part. */
export const disarmed = (text: string): string => text.replace(FORMULA, "$1$2'");

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
