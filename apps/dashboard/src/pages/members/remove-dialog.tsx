import { useState } from 'react';
import { Confirm } from '../../ui/dialog.js';
import type { Removal } from './use-member-changes.js';

interface RemoveDialogProps {
  readonly removal: Removal | null;
  readonly onClose: () => void;
  readonly onConfirm: (removal: Removal) => void;
}

export function RemoveDialog({ removal, onClose, onConfirm }: RemoveDialogProps) {
  // Keeps the words in the dialog while it fades out.
  const [shown, setShown] = useState(removal);
  if (removal !== null && removal !== shown) setShown(removal);
  const words = wordsOf(shown);
  return (
    <Confirm
      isOpen={removal !== null}
      title={words.title}
      description={<p>{words.text}</p>}
      confirmLabel={words.confirm}
      onCancel={onClose}
      onConfirm={() => {
        if (removal !== null) onConfirm(removal);
        onClose();
      }}
    />
  );
}

function wordsOf(removal: Removal | null) {
  if (removal === null) return { title: '', text: '', confirm: '' };
  if (removal.kind === 'member') {
    return {
      title: `Remove ${removal.member.email}?`,
      text: 'They lose access at once. What they did stays in the audit trail. You can invite them again.',
      confirm: 'Remove member',
    };
  }
  return {
    title: `Withdraw the invitation of ${removal.invitation.email}?`,
    text: 'Its link stops working. You can send a new invitation.',
    confirm: 'Withdraw invitation',
  };
}
