import { readFileSync } from 'node:fs';
import { accountLimits } from '@keytrail/domain';
import { ApiSettings } from '@keytrail/platform';
import { pacing } from '@keytrail/projections';
import { limits, timeBudget } from '../../apps/api/test/harness/limits.js';

/** A limit of the product, as the runbook tells it. */
export interface Limit {
  readonly what: string;
  readonly most: string;
  /** What those get who are beyond it. */
  readonly beyond: string;
  readonly variable?: keyof ApiSettings;
  /** Where it is tried, and by the test of which name. */
  readonly test: readonly [file: string, name: string];
}

const api = 'apps/api/test';
const http = 'apps/api/src/http';
const sessions = 'apps/api/src/sessions/sign-in-limits.spec.ts';
const capacity = `${api}/http/capacity.e2e-spec.ts`;
const badInput = `${api}/http/bad-input.e2e-spec.ts`;

const seconds = (ms: number): string => `${ms / 1_000} s`;
const kib = (bytes: number): string => `${bytes / 1_024} KiB`;
const mib = (bytes: number): string => `${bytes / 1_024 ** 2} MiB`;
const number = (value: number): string => value.toLocaleString('en');

const tooMany = '429 `rate_limited`';
const overloaded = '503 `overloaded`';
const theirs = `${tooMany} beyond their share, else ${overloaded}`;
const badRequest = '400 `invalid_request`';

const atOnce = (kind: keyof typeof limits.concurrency): string => {
  const { perCaller, perAccount, inAll } = limits.concurrency[kind];
  return `${perCaller} of a key or person, ${perAccount} of an account, ${number(inAll)} in all`;
};

const atWork = (kind: keyof typeof limits.atWork): string => {
  const { atOnce: inAll, atOncePerGroup } = limits.atWork[kind];
  return `${atOncePerGroup} of an account, ${inAll} in all`;
};

const waiting = ({
  maxWaiting,
  maxWaitingPerGroup,
}: Readonly<Record<'maxWaiting' | 'maxWaitingPerGroup', number>>): string =>
  `${number(maxWaitingPerGroup)} of an account, ${number(maxWaiting)} in all`;

const connections = new ApiSettings().MAX_CONNECTIONS;
const { arrival, attempts, mails, passwords, sessionLookUps, feed } = limits;

const ofTheApi: readonly Limit[] = [
  {
    what: 'connections of an api process',
    most: number(connections),
    beyond:
      'the one is ended that has been idle for longest; a new one, when something is under way on all',
    variable: 'MAX_CONNECTIONS',
    test: [`${http}/connections.spec.ts`, 'silent ones make room for those that come'],
  },
  {
    what: 'connections of one address (IPv6: one /64), without `TRUST_PROXY`',
    most: `half of them, ${number(connections / 2)}`,
    beyond: 'the same among those of the address',
    test: [`${http}/connections.spec.ts`, 'of one address make room for themselves'],
  },
  {
    what: 'a connection without a request, the headers of a request',
    most: seconds(arrival.headersMs),
    beyond: '408 `request_timeout`, and the connection ends',
    test: [`${api}/http/broken-requests.e2e-spec.ts`, '408: a connection on which nothing comes'],
  },
  {
    what: 'a request on its way in',
    most: seconds(arrival.requestMs),
    beyond: '408 `request_timeout`, and the connection ends',
    test: [`${api}/http/broken-requests.e2e-spec.ts`, '408: a body that never ends is cut'],
  },
  {
    what: 'address and headers',
    most: kib(arrival.headerBytes),
    beyond: '431 `headers_too_large`',
    test: [`${api}/http/broken-requests.e2e-spec.ts`, 'headers of 20 KB'],
  },
  {
    what: 'body',
    most: kib(arrival.bodyBytes),
    beyond: '413 `body_too_large`',
    test: [badInput, '413: larger than 64 KiB'],
  },
  {
    what: 'levels of a body',
    most: String(arrival.bodyLevels),
    beyond: badRequest,
    test: [badInput, 'must not be nested deeper than 16 levels'],
  },
  {
    what: 'an answer of which nothing is taken',
    most: seconds(timeBudget.unreadMs),
    beyond: 'the connection ends',
    test: [`${http}/unread-answers.spec.ts`, 'is ended after 30 seconds'],
  },
  {
    what: 'items of a page',
    most: `${limits.pageItems}`,
    beyond: badRequest,
    test: [`${api}/keys/list-keys.e2e-spec.ts`, 'limit=101'],
  },
  {
    what: 'size of a page',
    most: `${kib(limits.pageSize)} and one item`,
    beyond: 'fewer items, and a cursor to the others',
    test: [`${http}/shown-page.spec.ts`, 'ends where it is large enough'],
  },
  {
    what: 'exports whose file is not taken whole',
    most: atOnce('exports'),
    beyond: theirs,
    test: [capacity, 'exports: so many'],
  },
  {
    what: 'series (`/v1/usage/series`)',
    most: atOnce('series'),
    beyond: theirs,
    test: [capacity, "['series', '/v1/usage/series?bucket=day']"],
  },
  {
    what: 'streams and waiting pages of the event feed',
    most: atOnce('feeds'),
    beyond: theirs,
    test: [capacity, 'feeds: so many'],
  },
  {
    what: 'other reads whose answer is not taken whole',
    most: atOnce('reads'),
    beyond: theirs,
    test: [capacity, "['reads', '/v1/audit']"],
  },
  {
    what: 'changes',
    most: atOnce('changes'),
    beyond: theirs,
    test: [capacity, 'changes: creating a key is one of them'],
  },
  {
    what: 'reads that the stores work for at a time; others wait, accounts in turn',
    most: atWork('reads'),
    beyond: `${overloaded} after ${seconds(timeBudget.turnMs)}`,
    test: [capacity, 'is for reads of every account in turn'],
  },
  {
    what: 'the same of series',
    most: atWork('series'),
    beyond: `${overloaded} after ${seconds(timeBudget.turnMs)}`,
    test: ['libs/platform/src/fair-turns.spec.ts', 'are never all of one group'],
  },
  {
    what: 'the same of changes',
    most: atWork('changes'),
    beyond: `${overloaded} after ${seconds(timeBudget.turnMs)}`,
    test: ['libs/platform/src/fair-turns.spec.ts', 'go from group to group'],
  },
  {
    what: 'guarded requests that are under way; others wait, accounts in turn',
    most: `${limits.guarded.atOncePerGroup} of an account, ${number(limits.guarded.atOnce)} in all; ${number(limits.guarded.maxWaitingPerGroup)} and ${number(limits.guarded.maxWaiting)} wait`,
    beyond: theirs,
    test: [
      `${api}/access/fairness.e2e-spec.ts`,
      'guarded requests of one account that are under way',
    ],
  },
  {
    what: 'keys that wait to be looked up, accounts in turn; those not seen before by address',
    most: waiting(limits.keyLookUps),
    beyond: theirs,
    test: [`${api}/access/fairness.e2e-spec.ts`, 'the look-ups of one account'],
  },
  {
    what: 'keys known by heart',
    most: number(constant('libs/read-models/src/leases/lease.ts', 'MAX_KNOWN')),
    beyond: 'those used last are kept, the others looked up',
    test: ['libs/read-models/src/leases/lease.spec.ts', 'keeps so many credentials'],
  },
  {
    what: 'revoked keys that an api process has heard of before the documents have them',
    most: number(constant('libs/read-models/src/leases/lease.ts', 'MAX_KNOWN')),
    beyond: 'its lease ends, and keys are looked up until the projector has come after',
    test: ['libs/read-models/src/leases/lease.spec.ts', 'ends when too many keys were revoked'],
  },
  {
    what: 'uses that wait to be recorded, accounts in turn',
    most: waiting(limits.keyUses),
    beyond: theirs,
    test: [`${api}/access/fairness.e2e-spec.ts`, 'the uses of one account'],
  },
  {
    what: 'refusals of keys that wait to be recorded',
    most: waiting(limits.keyRefusals),
    beyond: 'nothing; a line in the log of the api tells what is not recorded',
    test: ['libs/platform/src/gather.spec.ts', 'takes from each group in turn'],
  },
  {
    what: 'sign-ins that wait to be recorded',
    most: waiting(limits.sessionEvents),
    beyond: theirs,
    test: ['libs/event-store/src/process-stream.spec.ts', 'takes accounts in turn'],
  },
  {
    what: 'exports that wait to be recorded',
    most: waiting(limits.exportEvents),
    beyond: theirs,
    test: ['libs/event-store/src/process-stream.spec.ts', 'takes accounts in turn'],
  },
  {
    what: 'keys whose account is remembered for the order of look-ups',
    most: number(limits.rememberedAccounts),
    beyond: 'all are forgotten, and learned anew',
    test: [`${api}/access/fairness.e2e-spec.ts`, 'the look-ups of one account'],
  },
  {
    what: 'sessions that are looked up',
    most: `${sessionLookUps.atOncePerGroup} of a session at a time, ${sessionLookUps.atOnce} in all; ${sessionLookUps.maxWaitingPerGroup} and ${number(sessionLookUps.maxWaiting)} wait`,
    beyond: theirs,
    test: ['libs/platform/src/fair-turns.spec.ts', 'are never all of one group'],
  },
  {
    what: 'reads that wait for the newest event of the log, together',
    most: number(limits.logHeads.maxWaiting),
    beyond: overloaded,
    test: ['libs/platform/src/gather.spec.ts', 'turns away at once who would wait behind too many'],
  },
  {
    what: 'calls of `/healthz/ready` and `/metrics` that wait, each together',
    most: number(limits.probes.maxWaiting),
    beyond: overloaded,
    test: [`${api}/operations/health.e2e-spec.ts`, 'all who ask at the same time'],
  },
  {
    what: 'commands that wait for one stream',
    most: '200',
    beyond: overloaded,
    test: ['libs/event-store/src/turns.spec.ts', 'are refused at once when too many wait'],
  },
  {
    what: 'counts of a series',
    most: number(limits.seriesPoints),
    beyond: badRequest,
    test: [`${api}/usage/usage.e2e-spec.ts`, 'when it would have more than 20,000 counts'],
  },
  {
    what: 'time of a series',
    most: `${limits.seriesDays.hour} days in hours, ${limits.seriesDays.day} in days`,
    beyond: badRequest,
    test: [`${api}/usage/usage.e2e-spec.ts`, 'bucket=hour&from=2020-01-01&to=2026-01-01'],
  },
  {
    what: 'wait for a page of the event feed',
    most: `${limits.feedWaitSeconds} s`,
    beyond: badRequest,
    test: [`${api}/event-feed/read-events.e2e-spec.ts`, 'wait=31'],
  },
  {
    what: 'what is written to a stream of the event feed at once',
    most: `${feed.batch} events, ${kib(feed.batchSize)} and one event`,
    beyond: 'the others when these are taken',
    test: [`${api}/event-feed/resuming.spec.ts`, 'toBeLessThan(size)'],
  },
  {
    what: 'events of the feed in memory',
    most: `${number(feed.maxKept)}, ${mib(feed.maxKeptSize)}`,
    beyond: 'they are read from the audit trail',
    test: [`${api}/event-feed/live-tail.spec.ts`, 'keeps so much of the newest'],
  },
  {
    what: 'a parameter of a query',
    most: `${limits.queryText} characters, ${number(limits.feedTypes)} for the types of a feed`,
    beyond: badRequest,
    test: [badInput, 'must not be longer than 200 characters'],
  },
  {
    what: 'passwords that are looked at',
    most: `${passwords.atOnce} at a time; ${passwords.maxWaitingPerGroup} of an address and ${passwords.maxWaiting} in all wait`,
    beyond: theirs,
    test: [sessions, 'two are served at a time, 20 wait, and one more is refused'],
  },
  {
    what: 'tries of passwords in a minute',
    most: `${attempts.byNetwork} from an address, ${attempts.byEmail} for a person`,
    beyond: tooMany,
    test: [sessions, '30 times a minute from one network'],
  },
  {
    what: 'other calls of the sign-in in a minute',
    most: `${attempts.others} from an address`,
    beyond: tooMany,
    test: [sessions, 'all else is served at once, and 600 times a minute'],
  },
  {
    what: 'networks from which a person is known to have signed in, of all persons',
    most: number(attempts.knownNetworks),
    beyond: 'the earliest is forgotten',
    test: [sessions, '20 times a minute of an address from where its owner has signed in'],
  },
  {
    what: 'members of an account',
    most: number(accountLimits.members),
    beyond: '409',
    test: ['libs/domain/src/accounts/decide-account.spec.ts', 'is 1,000 members: nobody else'],
  },
  {
    what: 'invitations of an account that are open',
    most: number(accountLimits.openInvitations),
    beyond: '409',
    test: ['libs/domain/src/accounts/decide-account.spec.ts', 'is 200 open invitations'],
  },
  {
    what: 'invitations of an account within 24 hours',
    most: number(accountLimits.invitationsPerDay),
    beyond: tooMany,
    test: ['libs/domain/src/accounts/decide-account.spec.ts', 'is 500 invitations a day'],
  },
  {
    what: 'mails with invitations in an hour',
    most: `${mails.toOne} to an address, ${mails.ofAccount} of an account`,
    beyond: 'no mail; the owner hands the link over',
    test: [`${api}/accounts/invitation-mailer.e2e-spec.ts`, 'three times an hour'],
  },
  {
    what: 'callers of a revoked key that are told apart in a second',
    most: '20',
    beyond: 'one entry for all others, with their number',
    test: ['libs/platform/src/attempt-folder.spec.ts', 'of more than 20 callers within a second'],
  },
  {
    what: 'a text in an event',
    most: `${number(constant('libs/event-store/src/codec.ts', 'LONGEST_TEXT'))} characters`,
    beyond: badRequest,
    test: ['libs/event-store/src/codec.spec.ts', 'is written with texts at their limit'],
  },
];

const ofTheOthers: readonly Limit[] = [
  {
    what: 'projector: events of one transaction',
    most: number(pacing.maxBatchEvents),
    beyond: 'the others in the next',
    test: ['libs/projections/test/projector.int-spec.ts', 'whatever the size of the batches'],
  },
  {
    what: 'embedded event store: one append',
    most: mib(constant('engines/eventstore/src/proposed-events.ts', 'MAX_APPEND_SIZE_BYTES')),
    beyond: 'refused, as by EventStoreDB',
    test: ['engines/eventstore/test/contract/append.int-spec.ts', 'just under 1 MiB'],
  },
  {
    what: 'embedded document store: one document',
    most: mib(constant('engines/mongo/src/bson/values.ts', 'MAX_DOCUMENT_BYTES')),
    beyond: 'refused, as by MongoDB',
    test: ['engines/mongo/test/refusals.int-spec.ts', 'a document above 16 MiB'],
  },
  {
    what: 'embedded document store: memory of a sort',
    most: mib(constant('engines/mongo/src/query/sorter.ts', 'SORT_LIMIT_BYTES')),
    beyond: 'refused, as by MongoDB',
    test: ['engines/mongo/test/refusals.int-spec.ts', 'a sort that would need more than 100 MiB'],
  },
  {
    what: 'embedded document store: open transactions',
    most: number(constant('engines/mongo/src/sessions/transactions.ts', 'MAX_OPEN')),
    beyond: 'refused',
    test: [
      'engines/mongo/test/failing-statements.int-spec.ts',
      'as many transactions as there may be',
    ],
  },
];

/** Of a file that tests may not import: a product of whole numbers. */
function constant(file: string, name: string): number {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const [, product] = new RegExp(`const ${name} = ([\\d_ *]+);`).exec(text) ?? [];
  if (product === undefined) throw new Error(`${file} has no ${name}`);
  return product
    .split('*')
    .map((factor) => Number(factor.replaceAll('_', '')))
    .reduce((one, other) => one * other);
}

export const allLimits: readonly Limit[] = [...ofTheApi, ...ofTheOthers];

export const limitRows = (): string[][] => [
  ['limit', 'how much', 'beyond it', 'variable'],
  ...allLimits.map(({ what, most, beyond, variable }) => [
    what,
    most,
    beyond,
    variable === undefined ? '' : `\`${variable}\``,
  ]),
];
