import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../../api/queries.js';
import { useSession } from '../../session/session.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { PageHeader } from '../../ui/page-header.js';
import { Paged } from '../../ui/paged.js';
import { Empty } from '../../ui/states.js';
import { auditColumns } from './audit-columns.js';
import { AuditFilters, useAuditFilters } from './audit-filters.js';
import { ExportLinks } from './export-links.js';

export function AuditPage() {
  const { accountId } = useSession();
  const filters = useAuditFilters();
  const cursor = filters.values.cursor;
  const query = useQuery(auditQuery(accountId, { ...filters.query, cursor }));
  return (
    <>
      <PageHeader title="Audit trail" tools={<ExportLinks query={filters.query} />}>
        Every change and every use, in the order of the log. The position is each entry’s place in
        it.
      </PageHeader>
      <Card title="Entries" isFlush>
        <AuditFilters filters={filters} />
        <Paged
          query={query}
          rowsOf={({ entries }) => entries}
          label="Audit trail"
          what="entries"
          rowKey={({ position }) => position}
          columns={auditColumns}
          empty={
            <Empty
              title="No entry matches"
              action={<Button onClick={filters.clear}>Clear filters</Button>}
            >
              Choose another key, type or actor, or a longer time.
            </Empty>
          }
        />
      </Card>
    </>
  );
}
