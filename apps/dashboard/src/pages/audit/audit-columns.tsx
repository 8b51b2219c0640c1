import type { AuditEntry } from '../../api/types.js';
import { KeyLink, Short } from '../../ui/origin.js';
import type { Column } from '../../ui/table.js';
import { ExactTime } from '../../ui/time.js';
import { detailOf, typeTitle } from './audit-types.js';

const position: Column<AuditEntry> = {
  id: 'position',
  title: 'Position',
  className: 'cell-number',
  cell: (entry) => <code>{entry.position}</code>,
};

const time: Column<AuditEntry> = {
  id: 'time',
  title: 'Time (UTC)',
  cell: ({ at }) => <ExactTime at={at} />,
};

const what: Column<AuditEntry> = {
  id: 'entry',
  title: 'Entry',
  isRowHeader: true,
  cell: (entry) => (
    <span className="entry-words" data-type={entry.type}>
      <span className="entry-type">{typeTitle(entry.type)}</span>
      <span className="entry-detail">{detailOf(entry)}</span>
    </span>
  ),
};

const key: Column<AuditEntry> = {
  id: 'key',
  title: 'Key',
  cell: ({ apiKeyId, apiKeyName, apiKeyPrefix }) =>
    apiKeyId === null ? (
      <span className="muted">–</span>
    ) : (
      <KeyLink id={apiKeyId} name={apiKeyName} prefix={apiKeyPrefix} />
    ),
};

const origin: readonly Column<AuditEntry>[] = [
  {
    id: 'actor',
    title: 'Actor',
    cell: ({ actor }) => <Short text={actor.label === '' ? actor.id : actor.label} />,
  },
  { id: 'ip', title: 'IP', cell: ({ ip }) => <code>{ip ?? '–'}</code> },
  { id: 'user-agent', title: 'User agent', cell: ({ userAgent }) => <Short text={userAgent} /> },
  {
    id: 'request-id',
    title: 'Request id',
    className: 'mono',
    cell: ({ requestId }) => <Short text={requestId} />,
  },
];

export const auditColumns: readonly Column<AuditEntry>[] = [position, time, what, key, ...origin];

/** For the history of one key, where the key goes without saying. */
export const historyColumns: readonly Column<AuditEntry>[] = [position, time, what, ...origin];
