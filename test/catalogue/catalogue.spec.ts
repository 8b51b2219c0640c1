import { catalogue } from '@keytrail/domain';
import { shownDetails } from '@keytrail/read-models';
import { readdir, readFile } from 'node:fs/promises';
import { allFeedTypes, logTypes } from '../../apps/api/test/harness/public-names.js';
import { auditTypes } from '../../apps/dashboard/src/pages/audit/audit-types.js';
import { oneOfEach } from '@keytrail/testing';
import { documentedTables, fieldsOf, readSchema, schemaFile, withTable } from './event-tables.js';

const published = Object.values(oneOfEach).flatMap((event) => {
  const row = catalogue[event.type];
  return 'feedType' in row ? [{ event, ...row }] : [];
});
const types = published.map(({ event }) => event.type);

describe('the catalogue of events', () => {
  it('is what the audit trail can be filtered by', () => {
    expect([...logTypes].sort()).toEqual([...types].sort());
  });

  it('is what the dashboard has names for', () => {
    expect([...auditTypes].sort()).toEqual([...types].sort());
  });

  it('is what there are schemas for', async () => {
    const files = await readdir(new URL('.', schemaFile('any')));
    const schemas = files.filter((file) => file.endsWith('.schema.json'));
    const expected = ['envelope', ...allFeedTypes].map((type) => `${type}.schema.json`);
    expect(schemas.sort()).toEqual(expected.sort());
  });

  it.each(published)('$feedType has in its schema what it shows', async (each) => {
    const { event, feedType, subject } = each;
    const ofKey = subject === 'keyId' ? ['keyId'] : [];
    const shown = [...ofKey, ...Object.keys(shownDetails(event.data))];
    expect(fieldsOf(await readSchema(feedType)).sort()).toEqual(shown.sort());
  });

  it.each(documentedTables)('is the table in $file.pathname', async (table) => {
    // `npm run event-tables` writes it.
    expect(await readFile(table.file, 'utf8')).toBe(await withTable(table));
  });
});
