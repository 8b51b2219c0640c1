import { catalogue } from '@keytrail/domain';
import type { StreamFamily } from '@keytrail/domain';
import { readFile } from 'node:fs/promises';
import { limitRows } from './limits.js';

const docs = new URL('../../docs/', import.meta.url);

/** A page of the documentation with a table that code gives. */
export interface DocumentedTable {
  readonly file: URL;
  /** What gives it. */
  readonly from: string;
  readonly rows: () => Promise<readonly Cells[]>;
}

type Cells = readonly string[];

const catalogueOfEvents = 'the catalogue of events';

export const documentedTables: readonly DocumentedTable[] = [
  { file: new URL('events/README.md', docs), from: catalogueOfEvents, rows: feedRows },
  {
    file: new URL('native-subscription.md', docs),
    from: catalogueOfEvents,
    rows: () => Promise.resolve(streamRows()),
  },
  {
    file: new URL('runbook.md', docs),
    from: 'the limits in the code',
    rows: () => Promise.resolve(limitRows()),
  },
];

const beginOf = (from: string): string =>
  `<!-- From ${from}; \`npm run event-tables\` writes it. -->\n\n`;
const END = '\n\n<!-- Until here. -->';

/** The page as it should be: what stands between its two marks made anew. */
export async function withTable({ file, from, rows }: DocumentedTable): Promise<string> {
  const begin = beginOf(from);
  const page = await readFile(file, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`No marks in ${file.pathname}`);
  return before + begin + toMarkdown(await rows()) + END + after;
}

export interface Schema {
  readonly title: string;
  readonly properties: {
    readonly data: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

export const schemaFile = (feedType: string): URL =>
  new URL(`events/${feedType}.schema.json`, docs);

/** The schema of an event of the feed, without the envelope that all have in common. */
export const readSchema = async (feedType: string): Promise<Schema> =>
  JSON.parse(await readFile(schemaFile(feedType), 'utf8')) as Schema;

export const fieldsOf = ({ properties }: Schema): string[] =>
  Object.keys(properties.data.properties);

async function feedRows(): Promise<Cells[]> {
  const published = Object.values(catalogue).flatMap((row) => ('feedType' in row ? [row] : []));
  const rows = published.map(async ({ feedType, subject }) => {
    const schema = await readSchema(feedType);
    const fields = fieldsOf(schema).map(code).join(', ');
    return [`[${code(feedType)}](${feedType}.schema.json)`, schema.title, code(subject), fields];
  });
  const heading = ['type', 'what happened', '`subject` is', 'further fields of `data`'];
  return [heading, ...(await Promise.all(rows))];
}

const streams: Readonly<Record<StreamFamily, string>> = {
  log: 'keytrail-log',
  apiKey: 'apiKey-<keyId>',
  keyUsage: 'keyUsage-<day>.<process>',
  keyRefusal: 'keyRefusal-<day>.<process>',
  account: 'account-<accountId>',
  session: 'session-<day>.<process>',
  audit: 'audit-<day>.<process>',
};

function streamRows(): Cells[] {
  const rows = Object.entries(streams).map(([family, stream]) => {
    const events = Object.entries(catalogue).filter(([, row]) => row.family === family);
    return [code(stream), events.map(([type]) => code(type)).join(', ')];
  });
  return [['streams', 'events'], ...rows];
}

const code = (text: string): string => `\`${text}\``;

/** With columns that line up, as the formatter has them. */
function toMarkdown([heading = [], ...rows]: readonly Cells[]): string {
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: Cells, fill: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  return [line(heading, ' '), line([], '-'), ...rows.map((row) => line(row, ' '))].join('\n');
}
