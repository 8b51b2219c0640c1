import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { keysQuery, PAGE_SIZE } from '../../api/queries.js';
import type { Member } from '../../api/types.js';
import { useSession } from '../../session/session.js';
import { Confirm } from '../../ui/dialog.js';
import type { MemberChange } from './use-member-changes.js';

/** The heading of the list of members, by its id. */
export const PEOPLE = 'people';

interface ChangeDialogProps {
  /** What to ask about; `null` while the dialog is closed. */
  readonly change: MemberChange | null;
  readonly onClose: () => void;
  readonly onConfirm: (change: MemberChange) => void;
}

export function ChangeDialog({ change, onClose, onConfirm }: ChangeDialogProps) {
  const { userId: ownId } = useSession();
  // Keeps the words in the dialog while it fades out.
  const [shown, setShown] = useState(change);
  if (change !== null && change !== shown) setShown(change);
  const words = shown === null ? noWords : wordsOf(shown, ownId);
  const isConfirmed = useRef(false);
  return (
    <Confirm
      isOpen={change !== null}
      title={words.title}
      description={
        <>
          <p>{words.text}</p>
          {shown?.kind === 'removal' && <KeysOf member={shown.member} />}
        </>
      }
      confirmLabel={words.confirm}
      onCancel={onClose}
      onConfirm={() => {
        isConfirmed.current = true;
        if (change !== null) onConfirm(change);
        onClose();
      }}
      finalFocus={() => {
        // The row goes away with its button, so the focus moves to the heading of the list.
        const isGone = isConfirmed.current && shown?.kind !== 'role';
        isConfirmed.current = false;
        return isGone ? document.getElementById(PEOPLE) : true;
      }}
    />
  );
}

/** The keys that somebody made, which go on working without them. */
function KeysOf({ member: { email } }: { readonly member: Member }) {
  const { accountId } = useSession();
  const query = useQuery(keysQuery(accountId, { createdBy: email, status: 'Active' }));
  if (query.isPending) return <p>Looking for the keys that they made…</p>;
  if (query.isError) return <p>Whether keys that they made are active cannot be told right now.</p>;
  const { keys, nextCursor } = query.data;
  if (keys.length === 0) return <p>No key that they made is active.</p>;
  const count = nextCursor === null ? String(keys.length) : `More than ${PAGE_SIZE}`;
  return (
    <p>
      Keys that they made and that stay active: {count} (
      {keys
        .slice(0, SHOWN_KEYS)
        .map(({ name, keyPrefix }) => `${name}, ${keyPrefix}…`)
        .join('; ')}
      {keys.length > SHOWN_KEYS && '; …'}). Whoever has one can go on reading. Revoke those that
      they may know.
    </p>
  );
}

const SHOWN_KEYS = 5;

interface Words {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
}

const noWords: Words = { title: '', text: '', confirm: '' };

function wordsOf(change: MemberChange, ownId: string): Words {
  switch (change.kind) {
    case 'role':
      return roleWords(change, ownId);
    case 'removal':
      return change.member.userId === ownId
        ? {
            title: 'Leave this account?',
            text: 'You lose access at once. Only an owner can invite you again.',
            confirm: 'Leave account',
          }
        : {
            title: `Remove ${change.member.email}?`,
            text: 'They lose access at once. What they did stays in the audit trail. You can invite them again.',
            confirm: 'Remove member',
          };
    case 'withdrawal':
      return {
        title: `Withdraw the invitation of ${change.invitation.email}?`,
        text: 'Its link stops working. You can send a new invitation.',
        confirm: 'Withdraw invitation',
      };
  }
}

function roleWords(
  { member: { userId, email }, role }: Extract<MemberChange, { kind: 'role' }>,
  ownId: string,
): Words {
  if (role === 'owner') {
    return {
      title: `Make ${email} an owner?`,
      text: 'They can then create and revoke keys, and invite and remove people.',
      confirm: 'Make owner',
    };
  }
  const isSelf = userId === ownId;
  return {
    title: isSelf ? 'Make yourself a reviewer?' : `Make ${email} a reviewer?`,
    text: isSelf
      ? 'You can then change nothing more, and only another owner can make you an owner again.'
      : 'They can then read everything and change nothing.',
    confirm: 'Make reviewer',
  };
}
