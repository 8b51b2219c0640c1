import { useRef, useState } from 'react';
import type { ApiKey } from '../../api/types.js';
import { Confirm } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { Prefix } from '../../ui/prefix.js';

const REASON_MAX = 200;

interface RevokeDialogProps {
  /** The key to revoke; `null` while the dialog is closed. */
  readonly apiKey: ApiKey | null;
  readonly onClose: () => void;
  readonly onConfirm: (key: ApiKey, reason: string) => void;
}

export function RevokeDialog({ apiKey, onClose, onConfirm }: RevokeDialogProps) {
  const [reason, setReason] = useState('');
  // Keeps the words in the dialog while it fades out.
  const [shown, setShown] = useState(apiKey);
  if (apiKey !== null && apiKey !== shown) setShown(apiKey);
  const isConfirmed = useRef(false);
  const close = (): void => {
    setReason('');
    onClose();
  };
  return (
    <Confirm
      isOpen={apiKey !== null}
      title={`Revoke “${shown?.name ?? ''}”?`}
      description={
        <p>
          This is final: {shown && <Prefix of={shown.keyPrefix} />} is refused from now on and can
          never be active again. The key stays in the list with its history.
        </p>
      }
      confirmLabel="Revoke key"
      onCancel={close}
      onConfirm={() => {
        isConfirmed.current = true;
        if (apiKey !== null) onConfirm(apiKey, reason.trim());
        close();
      }}
      finalFocus={() => {
        // Its button goes away with the revocation, so the focus moves to the key's name beside it.
        const name = `[data-row="${CSS.escape(shown?.id ?? '')}"] a`;
        const target = isConfirmed.current ? document.querySelector<HTMLElement>(name) : true;
        isConfirmed.current = false;
        return target;
      }}
    >
      <Field
        label="Reason (optional)"
        name="reason"
        value={reason}
        maxLength={REASON_MAX}
        autoComplete="off"
        hint="Kept in the audit trail."
        onChange={({ target }) => {
          setReason(target.value);
        }}
      />
    </Confirm>
  );
}
