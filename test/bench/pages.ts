import { encodeCursor, type ListScope } from '../../apps/api/src/http/cursor.js';
import type { SeededDeployment } from './large-log.js';
import { percentile, rounded } from './percentile.js';

/** How far down a list the deep page is. */
const DEPTH = 0.9;
const WARM_UP = 10;
const PAGE = 50;

/** Medians in milliseconds, and how many times longer the large one takes. */
export interface PageTimes {
  readonly firstSmallMs: number;
  readonly firstLargeMs: number;
  readonly firstRatio: number;
  readonly deepSmallMs: number;
  readonly deepLargeMs: number;
  readonly deepRatio: number;
}

export interface Pages {
  readonly records: { readonly small: number; readonly large: number };
  readonly keys: PageTimes;
  readonly audit: PageTimes;
}

interface Sampled {
  readonly times: number[];
  readonly take: () => Promise<void>;
}

/** Asks for each page in turn, of the small and of the large deployment, over and over. */
export async function measurePages(
  small: SeededDeployment,
  large: SeededDeployment,
  samples: number,
): Promise<Pages> {
  const keys = { small: keyPages(small), large: keyPages(large) };
  const audit = { small: auditPages(small), large: auditPages(large) };
  const all = [keys, audit].flatMap((model) => [
    ...[model.small.first, model.large.first],
    ...[model.small.deep, model.large.deep],
  ]);
  for (let sample = 0; sample < WARM_UP + samples; sample += 1) {
    for (const page of all) await page.take();
  }
  return {
    records: { small: small.records, large: large.records },
    keys: timesOf(keys),
    audit: timesOf(audit),
  };
}

interface PagePair {
  readonly first: Sampled;
  readonly deep: Sampled;
}

/** The list of keys begins with the newest. */
const keyPages = (of: SeededDeployment): PagePair => ({
  first: page(of, '/v1/api-keys', 'keys'),
  deep: page(of, `/v1/api-keys?cursor=${cursorAt(of, 1 - DEPTH, { list: 'keys' })}`, 'keys'),
});

const auditPages = (of: SeededDeployment): PagePair => ({
  first: page(of, '/v1/audit?order=asc', 'entries'),
  deep: page(
    of,
    `/v1/audit?order=asc&cursor=${cursorAt(of, DEPTH, { list: 'audit', order: 'asc' })}`,
    'entries',
  ),
});

const cursorAt = ({ seeded }: SeededDeployment, share: number, list: ListScope): string =>
  encodeCursor({ after: seeded.positionAt(share) }, { ...list, accountId: seeded.accountId });

function page(
  { client, session }: SeededDeployment,
  path: string,
  list: 'keys' | 'entries',
): Sampled {
  const times: number[] = [];
  const take = async (): Promise<void> => {
    const startedAt = performance.now();
    const { status, body } = await client.request<Partial<Record<typeof list, unknown[]>>>(
      'GET',
      path,
      { headers: session },
    );
    times.push(performance.now() - startedAt);
    if (body[list]?.length !== PAGE)
      throw new Error(`${path} answered ${status}, not ${PAGE} items`);
  };
  return { times, take };
}

function timesOf({ small, large }: { readonly small: PagePair; readonly large: PagePair }) {
  const middle = ({ times }: Sampled): number => percentile(times.slice(WARM_UP), 0.5);
  const first = { small: middle(small.first), large: middle(large.first) };
  const deep = { small: middle(small.deep), large: middle(large.deep) };
  return {
    firstSmallMs: rounded(first.small),
    firstLargeMs: rounded(first.large),
    firstRatio: rounded(first.large / first.small),
    deepSmallMs: rounded(deep.small),
    deepLargeMs: rounded(deep.large),
    deepRatio: rounded(deep.large / deep.small),
  };
}
