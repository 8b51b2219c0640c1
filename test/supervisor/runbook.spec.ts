import { readFileSync } from 'node:fs';
import {
  ApiSettings,
  EmbeddedStoresSettings,
  StoreSettings,
  SupervisorSettings,
} from '@keytrail/platform';

const readers: Readonly<Record<string, new () => object>> = {
  api: ApiSettings,
  projector: StoreSettings,
  stores: EmbeddedStoresSettings,
  supervisor: SupervisorSettings,
};

type Row = readonly [variable: string, fallback: string, readBy: string];

/** What the classes say: every variable with its default and the processes that read it. */
function ofTheClasses(): readonly Row[] {
  const rows = new Map<string, { fallback: string; readBy: string[] }>();
  for (const [reader, Shape] of Object.entries(readers)) {
    for (const [name, value = ''] of Object.entries<string | number | undefined>({
      ...new Shape(),
    })) {
      const row = rows.get(name) ?? { fallback: String(value), readBy: [] };
      rows.set(name, { ...row, readBy: [...row.readBy, reader] });
    }
  }
  return [...rows].map(([name, row]) => [name, row.fallback, row.readBy.join(', ')]);
}

/** What the table in the runbook says. */
function ofTheRunbook(): readonly Row[] {
  const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  return Array.from(
    text.matchAll(/^\| `([A-Z_]+)` +\| (?:`(.+?)`)? *\| (.+?) +\|/gm),
    ([, name = '', fallback = '', readBy = '']): Row => [name, fallback, readBy],
  );
}

it('the runbook documents every variable, with its default and its readers', () => {
  expect([...ofTheRunbook()].sort()).toEqual([...ofTheClasses()].sort());
});
