import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keysQuery } from '../../api/queries.js';
import type { ApiKey } from '../../api/types.js';
import { useFilters } from '../../ui/use-filters.js';
import { useMayChange, useSession } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Select } from '../../ui/field.js';
import { FilterText } from '../../ui/filter-text.js';
import { Paged } from '../../ui/paged.js';
import { Empty } from '../../ui/states.js';
import type { StatusText } from '../../ui/status.js';
import { keyColumns } from './key-columns.js';
import { RevokeDialog } from './revoke-dialog.js';
import { useRevoke } from './use-revoke.js';

type KeyFilter = 'status' | 'q' | 'cursor';

interface IssuedKeysProps {
  readonly onStatus: (status: StatusText | null) => void;
}

export function IssuedKeys({ onStatus }: IssuedKeysProps) {
  const { accountId } = useSession();
  const mayChange = useMayChange();
  const { values, set } = useFilters<KeyFilter>();
  const { status, q, cursor } = values;
  const query = useQuery(keysQuery(accountId, { status, q, cursor }));
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const revoke = useRevoke(onStatus);
  const activeCount = query.data?.activeCount;
  return (
    <Card
      title="Issued Keys"
      isFlush
      note={<span className="active-count">Active keys: {activeCount ?? '…'}</span>}
      tools={
        <>
          <FilterText
            label="Search by name or prefix"
            value={q ?? ''}
            onSettled={(text) => {
              set({ q: text });
            }}
          />
          <Select
            label="Status"
            isLabelHidden
            value={status ?? ''}
            options={[
              ['', 'Any status'],
              ['Active', 'Active'],
              ['Revoked', 'Revoked'],
            ]}
            onPick={(value) => {
              set({ status: value });
            }}
          />
        </>
      }
    >
      <Paged
        query={query}
        rowsOf={({ keys }) => keys}
        label="Issued Keys"
        what="keys"
        rowKey={({ id }) => id}
        columns={keyColumns(mayChange ? { onAsk: setAsked, busyId: revoke.busyId } : null)}
        empty={
          <NoKeys
            isFiltered={Boolean(status ?? q ?? cursor)}
            onClear={() => {
              set({ status: undefined, q: undefined });
            }}
          />
        }
      />
      <RevokeDialog
        apiKey={asked}
        onClose={() => {
          setAsked(null);
        }}
        onConfirm={revoke.submit}
      />
    </Card>
  );
}

interface NoKeysProps {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}

function NoKeys({ isFiltered, onClear }: NoKeysProps) {
  const mayChange = useMayChange();
  if (isFiltered) {
    return (
      <Empty title="No key matches" action={<Button onClick={onClear}>Show all keys</Button>}>
        Change the search or the status.
      </Empty>
    );
  }
  return (
    <Empty title="No keys yet">
      {mayChange
        ? 'Name the first one above, press Create, and copy it at once: it is shown only once.'
        : 'An owner of this account can create the first one. It appears here by itself.'}
    </Empty>
  );
}
