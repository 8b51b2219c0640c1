import type { RequestEvent } from '../../api/types.js';
import { KeyLink, Short } from '../../ui/origin.js';
import type { Column } from '../../ui/table.js';
import { ExactTime } from '../../ui/time.js';

/** One authenticated request per row: when, what, with which key, from where. */
export const requestColumns: readonly Column<RequestEvent>[] = [
  { id: 'time', title: 'Time (UTC)', cell: ({ createdAt }) => <ExactTime at={createdAt} /> },
  {
    id: 'method',
    title: 'Method',
    cell: ({ method }) => <code className="method">{method}</code>,
  },
  {
    id: 'endpoint',
    title: 'Endpoint',
    isRowHeader: true,
    cell: ({ endpoint }) => <code className="endpoint">{endpoint}</code>,
  },
  {
    id: 'key',
    title: 'Key',
    cell: ({ apiKeyId, apiKeyName, apiKeyPrefix }) => (
      <KeyLink id={apiKeyId} name={apiKeyName} prefix={apiKeyPrefix} />
    ),
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
