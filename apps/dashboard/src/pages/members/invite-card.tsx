import { useMutation, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/http.js';
import { messageOf } from '../../api/problem.js';
import type { NewInvitation, Role } from '../../api/types.js';
import { useSession } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Field, Select } from '../../ui/field.js';
import type { StatusText } from '../../ui/status.js';
import { roleOptions } from './member-columns.js';
import { useLatestInvitation } from './use-latest-invitation.js';

interface InviteCardProps {
  readonly onStatus: (status: StatusText | null) => void;
  /** Ids of the invitations that can still be used; left out while they are not known. */
  readonly openIds: readonly string[] | undefined;
}

/** Invites a person by email address and shows the link, for the only time. */
export function InviteCard({ onStatus, openIds }: InviteCardProps) {
  const { accountId } = useSession();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('reviewer');
  const [latest, setLatest] = useLatestInvitation(openIds);
  const { mutate, reset, isPending } = useMutation({
    mutationFn: () =>
      call<NewInvitation>('/v1/invitations', {
        method: 'POST',
        body: { email: email.trim(), role },
        accountId,
      }),
    gcTime: 0,
    onSuccess: (invitation) => {
      setLatest(invitation);
      setEmail('');
      onStatus({ tone: 'done', text: `${invitation.email} is invited as ${invitation.role}` });
      void client.invalidateQueries({ queryKey: ['members'] });
      reset();
    },
    onError: (error) => {
      onStatus({ tone: 'failed', text: messageOf(error) });
    },
  });
  return (
    <Card title="Invite a person">
      <form
        className="create-form"
        onSubmit={(event) => {
          event.preventDefault();
          onStatus({ tone: 'busy', text: 'Inviting…' });
          mutate();
        }}
      >
        <Field
          label="Email"
          name="inviteEmail"
          type="email"
          required
          autoComplete="off"
          placeholder="reviewer@example.com"
          value={email}
          onChange={({ target }) => {
            setEmail(target.value);
          }}
        />
        <Select
          label="Role"
          value={role}
          options={roleOptions}
          onPick={(value) => {
            setRole(value as Role);
          }}
        />
        <Button type="submit" variant="primary" disabled={isPending}>
          Invite
        </Button>
      </form>
      {latest && (
        <InvitationLink
          // What is said of copying is said of this one.
          key={latest.invitationId}
          invitation={latest}
          onClose={() => {
            setLatest(null);
          }}
        />
      )}
    </Card>
  );
}

interface InvitationLinkProps {
  readonly invitation: NewInvitation;
  readonly onClose: () => void;
}

function InvitationLink({ invitation, onClose }: InvitationLinkProps) {
  const { email, url, mailSent } = invitation;
  return (
    <div className="latest-key" role="group" aria-label="Invitation link">
      <div className="latest-key-head">
        <h3>Invitation link</h3>
        <button
          type="button"
          className="icon-button"
          aria-label="Close invitation link"
          onClick={onClose}
        >
          <X aria-hidden="true" size={18} />
        </button>
      </div>
      <div className="latest-key-row">
        <code className="secret">{url}</code>
        <CopyButton text={() => url} what="invitation link" variant="primary" />
      </div>
      <p className="latest-key-warning">
        {mailSent
          ? `It was sent to ${email}. `
          : `Hand it to ${email} yourself: no mail was sent. `}
        It is shown only here, and whoever has it can join.
      </p>
    </div>
  );
}
