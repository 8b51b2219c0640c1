import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { membersQuery } from '../../api/queries.js';
import type { MemberList } from '../../api/types.js';
import { useMayChange, useSession } from '../../session/session.js';
import { Card } from '../../ui/card.js';
import { PageHeader } from '../../ui/page-header.js';
import { Loading, Problem } from '../../ui/states.js';
import { Status, type StatusText } from '../../ui/status.js';
import { Table } from '../../ui/table.js';
import { useProblem } from '../../ui/use-problem.js';
import { ChangeDialog, PEOPLE } from './change-dialog.js';
import { useInvitationColumns } from './invitation-columns.js';
import { InviteCard } from './invite-card.js';
import { isOnlyOwner, useMemberColumns } from './member-columns.js';
import { type MemberChange, useMemberChanges } from './use-member-changes.js';

export function MembersPage() {
  const { accountId } = useSession();
  const mayChange = useMayChange();
  const [status, setStatus] = useState<StatusText | null>(null);
  const query = useQuery(membersQuery(accountId));
  const problem = useProblem(query);
  return (
    <>
      <PageHeader title="Members">
        Owners do everything. Reviewers read everything and change nothing.
      </PageHeader>
      {mayChange && (
        <InviteCard onStatus={setStatus} openIds={query.data?.invitations.map(({ id }) => id)} />
      )}
      <Status status={status} />
      {query.data !== undefined && <Lists list={query.data} onStatus={setStatus} />}
      {query.data === undefined && (
        <Card title="People">
          {problem === null ? (
            <Loading />
          ) : (
            <Problem error={problem} onRetry={() => void query.refetch()} />
          )}
        </Card>
      )}
    </>
  );
}

interface ListsProps {
  readonly list: MemberList;
  readonly onStatus: (status: StatusText) => void;
}

function Lists({ list: { members, invitations }, onStatus }: ListsProps) {
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<MemberChange | null>(null);
  const makeChange = useMemberChanges(onStatus);
  const memberColumns = useMemberColumns({ members, onAsk: setAsked });
  const onlyOwner = members.find((member) => isOnlyOwner(member, members));
  const hint =
    mayChange && onlyOwner !== undefined
      ? ` ${onlyOwner.email} is the only owner: to leave or to become a reviewer, make somebody else an owner first.`
      : '';
  const invitationColumns = useInvitationColumns(setAsked);
  return (
    <>
      <Card
        id={PEOPLE}
        title="People"
        isFlush
        note={`${members.length.toLocaleString('en')} in this account.${hint}`}
      >
        <Table
          label="People"
          columns={memberColumns}
          rows={members}
          rowKey={({ userId }) => userId}
        />
      </Card>
      {invitations.length > 0 && (
        <Card title="Open invitations" isFlush>
          <Table
            label="Open invitations"
            columns={invitationColumns}
            rows={invitations}
            rowKey={({ id }) => id}
          />
        </Card>
      )}
      <ChangeDialog
        change={asked}
        onClose={() => {
          setAsked(null);
        }}
        onConfirm={makeChange}
      />
    </>
  );
}
