// Writes the tables of the documentation that the catalogue of events gives.
// Usage: npm run event-tables
import { writeFile } from 'node:fs/promises';
import { documentedTables, withTable } from '../test/catalogue/event-tables.js';

for (const table of documentedTables) await writeFile(table.file, await withTable(table));
