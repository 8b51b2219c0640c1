/** How much of a kind there may be at the same time. */
export interface ConcurrencyBounds {
  /** Of one key or signed-in person. */
  readonly perCaller: number;
  readonly perAccount: number;
  /** In this process. */
  readonly inAll: number;
}

const MINUTE_MS = 60_000;

/**
 * Every limit of the api but the times that it takes over a request, which are in `time-budget.ts`, and
 * the lengths of single fields. The runbook has a row for each.
 */
export const limits = {
  /** A request on its way in. */
  arrival: {
    /** How long its first line and headers may take, and a connection be without a request. */
    headersMs: 10_000,
    /** How long all of it may take. */
    requestMs: 20_000,
    headerBytes: 16 * 1_024,
    bodyBytes: 64 * 1_024,
    /** How deep a body may be nested: what handles bodies calls itself once per level. */
    bodyLevels: 16,
  },
  /** What may be asked for at once. */
  pageItems: 100,
  queryText: 200,
  feedTypes: 1_000,
  feedWaitSeconds: 30,
  /** Requests of a kind that have come and whose answers have not been taken whole. */
  concurrency: {
    reads: { perCaller: 50, perAccount: 100, inAll: 1_000 },
    changes: { perCaller: 50, perAccount: 100, inAll: 1_000 },
    series: { perCaller: 4, perAccount: 8, inAll: 32 },
    exports: { perCaller: 2, perAccount: 4, inAll: 16 },
    feeds: { perCaller: 50, perAccount: 100, inAll: 500 },
  },
  /** For how many of them the stores work at the same time; the others wait, accounts in turn. */
  atWork: {
    reads: { atOnce: 16, atOncePerGroup: 4 },
    changes: { atOnce: 16, atOncePerGroup: 4 },
    series: { atOnce: 2, atOncePerGroup: 1 },
  },
  /** Sessions that are looked up: how many at once, and how many may wait. */
  sessionLookUps: { atOnce: 16, atOncePerGroup: 4, maxWaiting: 4_000, maxWaitingPerGroup: 100 },
  /**
   * Guarded requests: how many are under way, and how many may wait. Those of one account that are under way
   * are what all others wait for in the event loop, whatever the number of its connections.
   */
  guarded: { atOnce: 2_000, atOncePerGroup: 128, maxWaiting: 8_000, maxWaitingPerGroup: 1_000 },
  /** Keys that wait to be looked up, those of an account in turn with those of others. */
  keyLookUps: { maxBatch: 1_000, maxWaiting: 8_000, maxWaitingPerGroup: 1_000 },
  /** Uses that wait to be recorded, those of an account in turn with those of others. */
  keyUses: { maxBatch: 250, maxWaiting: 8_000, maxWaitingPerGroup: 1_000 },
  /** Refusals of keys, of which the recorder folds those of one caller. */
  keyRefusals: { maxBatch: 250, maxWaiting: 10_000, maxWaitingPerGroup: 2_000 },
  /** Sign-ins and what else happens to sessions. */
  sessionEvents: { maxBatch: 250, maxWaiting: 1_000, maxWaitingPerGroup: 250 },
  /** Exports, which have a limit of their own. */
  exportEvents: { maxBatch: 250, maxWaiting: 1_000, maxWaitingPerGroup: 250 },
  /** Who asks for the newest event of the log; all of them go together. */
  logHeads: { maxBatch: 4_000, maxWaiting: 4_000 },
  /** How large an answer of a list may be before it ends with fewer items than were asked for, in characters. */
  pageSize: 128 * 1_024,
  /** How many counts a series may have, and how many days it may be about. */
  seriesPoints: 20_000,
  seriesDays: { hour: 31, day: 731 },
  /** How many passwords are looked at at the same time, and how many may wait, of one network and in all. */
  passwords: { atOnce: 2, maxWaiting: 20, maxWaitingPerGroup: 8 },
  attempts: {
    /** How often passwords may be tried, and other things be asked of the sign-in, in so long. */
    windowMs: MINUTE_MS,
    byNetwork: 30,
    byEmail: 20,
    others: 600,
    /** How many pairs of an address and a network that it was signed in from are remembered. */
    knownNetworks: 10_000,
  },
  /** How many mails with invitations go to one address, and out from one account. */
  mails: { windowMs: 60 * MINUTE_MS, toOne: 3, ofAccount: 30 },
  feed: {
    /** How many events a stream is sent with one write, and how large they may be, in characters. */
    batch: 250,
    batchSize: 64 * 1_024,
    /** How many events are kept for all accounts that are followed, and how large, in characters. */
    maxKept: 20_000,
    maxKeptSize: 16 * 1_024 * 1_024,
  },
  /** Who asks whether it is well, or for its figures; all of them go together. */
  probes: { maxBatch: 1_000, maxWaiting: 1_000 },
  /** Of how many keys the account is remembered, to know whose a look-up is. */
  rememberedAccounts: 10_000,
} as const;
