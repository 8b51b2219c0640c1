import { Short } from '../../ui/origin.js';
import type { Column } from '../../ui/table.js';
import { ExactTime } from '../../ui/time.js';
import type { ShownEvent } from './event-pages.js';

/** What every event's data holds and other columns or pages show. */
const common = new Set(['accountId', 'keyId', 'actor', 'ip', 'userAgent', 'requestId']);

export const eventColumns: readonly Column<ShownEvent>[] = [
  {
    id: 'position',
    title: 'Position',
    className: 'cell-number',
    cell: ({ position }) => <code>{position}</code>,
  },
  { id: 'time', title: 'Time (UTC)', cell: ({ time }) => <ExactTime at={time} /> },
  {
    id: 'type',
    title: 'Type',
    isRowHeader: true,
    cell: ({ type }) => <code className="event-type">{type}</code>,
  },
  {
    id: 'subject',
    title: 'Subject',
    className: 'mono',
    cell: ({ subject }) => <Short text={subject} />,
  },
  { id: 'actor', title: 'Actor', cell: (event) => <Short text={actorOf(event)} /> },
  {
    id: 'data',
    title: 'Data',
    cell: (event) => <code className="event-data">{dataOf(event)}</code>,
  },
];

function actorOf({ data }: ShownEvent): string | null {
  const actor = data['actor'];
  if (typeof actor !== 'object' || actor === null || !('label' in actor)) return null;
  return String(actor.label);
}

const dataOf = ({ data }: ShownEvent): string =>
  Object.entries(data)
    .filter(([name, value]) => !common.has(name) && value !== null)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
