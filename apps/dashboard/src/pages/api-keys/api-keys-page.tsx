import { useState } from 'react';
import { useMayChange } from '../../session/session.js';
import { PageHeader } from '../../ui/page-header.js';
import { Status, type StatusText } from '../../ui/status.js';
import { CreateKeyCard } from './create-key-card.js';
import { IssuedKeys } from './issued-keys.js';

export function ApiKeysPage() {
  const mayChange = useMayChange();
  const [status, setStatus] = useState<StatusText | null>(null);
  return (
    <>
      <PageHeader title="API Keys">
        Each key has full access to this account. Every use is recorded, and revoking is final.
      </PageHeader>
      {mayChange && <CreateKeyCard onStatus={setStatus} />}
      <Status status={status} />
      <IssuedKeys onStatus={setStatus} />
    </>
  );
}
