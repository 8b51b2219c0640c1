import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/http.js';
import { messageOf } from '../../api/problem.js';
import { sessionQuery } from '../../api/queries.js';
import type { InvitationPreview, Role } from '../../api/types.js';
import { queryClient } from '../../api/query-client.js';
import { signOut } from '../../session/auth.js';
import { Button, buttonClass } from '../../ui/button.js';
import { Loading } from '../../ui/states.js';
import { CredentialForm } from '../sign-in/credential-form.js';
import { Entry } from '../sign-in/entry.js';
import { takeInvitationToken } from './invitation-token.js';

const rights: Record<Role, string> = {
  owner: 'As an owner you can create and revoke keys and invite people.',
  reviewer: 'As a reviewer you can read everything and change nothing.',
};

export function JoinPage() {
  const [token] = useState(takeInvitationToken);
  const invitation = useQuery({
    queryKey: ['invitation'],
    queryFn: () =>
      call<InvitationPreview>('/v1/invitations/lookup', { method: 'POST', body: { token } }),
    enabled: token !== null,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (token === null) return <Unusable why="This address holds no invitation." />;
  if (invitation.isError) return <Unusable why={messageOf(invitation.error)} />;
  if (invitation.data === undefined) {
    return (
      <Entry title="Invitation">
        <Loading rows={3} />
      </Entry>
    );
  }
  return <Accept token={token} invitation={invitation.data} />;
}

function Unusable({ why }: { readonly why: string }) {
  return (
    <Entry title="This invitation cannot be used">
      <p className="lead">
        {why} Open the whole link again, or ask the person who sent it for a new one.
      </p>
      <Link to="/" className={buttonClass()}>
        Go to Keytrail
      </Link>
    </Entry>
  );
}

interface AcceptProps {
  readonly token: string;
  readonly invitation: InvitationPreview;
}

function Accept({ token, invitation }: AcceptProps) {
  const { accountName, email, role } = invitation;
  const current = useQuery({ ...sessionQuery(), retry: false });
  const person = current.data?.session?.user;
  return (
    <Entry title={`Join ${accountName}`} lead={`${email} is invited as ${role}. ${rights[role]}`}>
      {person !== undefined ? (
        <div className="stack">
          <p className="lead">
            You are signed in as <strong>{person.email}</strong>.
          </p>
          {person.email === email ? <Join token={token} /> : <ChangePerson email={email} />}
        </div>
      ) : (
        !current.isPending && <EnterFirst email={email} onDone={() => void current.refetch()} />
      )}
    </Entry>
  );
}

function Join({ token }: { readonly token: string }) {
  const join = useMutation({
    mutationFn: () =>
      call<{ accountId: string }>('/v1/invitations/accept', { method: 'POST', body: { token } }),
    onSuccess: ({ accountId }) => {
      queryClient.clear();
      // A full load, so that the token leaves the page's memory.
      window.location.assign(`/?${new URLSearchParams({ account: accountId }).toString()}`);
    },
  });
  return (
    <>
      <Failure error={join.error} />
      <Button
        variant="primary"
        disabled={join.isPending || join.isSuccess}
        onClick={() => {
          join.mutate();
        }}
      >
        {join.isPending ? 'Joining…' : 'Join'}
      </Button>
    </>
  );
}

/** Signing out, on this very page: the token is in its memory only. */
function ChangePerson({ email }: { readonly email: string }) {
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => queryClient.resetQueries({ queryKey: ['session'] }),
  });
  return (
    <>
      <p className="lead">Only {email} can use this invitation.</p>
      <Failure error={leave.error} />
      <Button
        variant="primary"
        disabled={leave.isPending}
        onClick={() => {
          leave.mutate();
        }}
      >
        Sign out and go on
      </Button>
    </>
  );
}

const Failure = ({ error }: { readonly error: Error | null }) => (
  <p className="form-message" role="alert">
    {error !== null && messageOf(error)}
  </p>
);

/** Signing up or in, on this very page too. */
function EnterFirst({ email, onDone }: { readonly email: string; readonly onDone: () => void }) {
  const [kind, setKind] = useState<'sign-in' | 'sign-up'>('sign-up');
  return (
    <>
      <CredentialForm key={kind} kind={kind} email={email} onDone={onDone} />
      <Button
        variant="quiet"
        onClick={() => {
          setKind(kind === 'sign-up' ? 'sign-in' : 'sign-up');
        }}
      >
        {kind === 'sign-up' ? 'I already have an account' : 'I need an account'}
      </Button>
    </>
  );
}
