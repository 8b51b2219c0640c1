/** What the metadata of a stream leaves readable. */
export interface StreamLimits {
  /** $tb: earlier revisions are not read; Infinity while the stream is (softly) deleted. */
  truncateBefore: number;
  /** $maxCount, Infinity when unlimited. */
  maxCount: number;
  /** $maxAge in seconds, Infinity when unlimited. */
  maxAgeSeconds: number;
}

export const NO_LIMITS: StreamLimits = {
  truncateBefore: 0,
  maxCount: Infinity,
  maxAgeSeconds: Infinity,
};

const MAX_INT64 = 2n ** 63n - 1n;
/** No longer time can be said in ticks of 100 ns. */
const MAX_SECONDS = MAX_INT64 / 10_000_000n;

/** The text of a number stands for it, as a JavaScript number would round large ones. */
const NUMBER_MARK = '\u0000number';
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * The limits in the JSON of a metadata event. As on the real server one property of the wrong type
 * voids all of them.
 */
export function limitsOf(json: string): StreamLimits {
  try {
    const metadata = parseObject(json);
    const truncateBefore = integer(metadata['$tb'], MAX_INT64);
    const maxCount = integer(metadata['$maxCount'], MAX_INT64);
    const maxAge = integer(metadata['$maxAge'], MAX_SECONDS);
    integer(metadata['$cacheControl'], MAX_SECONDS);
    checkOthers(metadata);
    return {
      truncateBefore:
        truncateBefore === MAX_INT64 ? Infinity : Math.max(0, Number(truncateBefore ?? 0)),
      maxCount: positiveOrUnlimited(maxCount),
      maxAgeSeconds: positiveOrUnlimited(maxAge),
    };
  } catch {
    return NO_LIMITS;
  }
}

function positiveOrUnlimited(value: bigint | undefined): number {
  return value !== undefined && value > 0n ? Number(value) : Infinity;
}

/** @throws TypeError for anything that is no integer, or one beyond `limit`. */
function integer(value: unknown, limit: bigint): bigint | undefined {
  if (value === undefined) return undefined;
  const text = isObject(value) ? value[NUMBER_MARK] : undefined;
  if (typeof text !== 'string' || !/^-?\d+$/.test(text)) throw new TypeError('No integer.');
  const number = BigInt(text);
  if (number > limit || number < -limit) throw new TypeError('The number is too large.');
  return number;
}

function checkOthers(metadata: Record<string, unknown>): void {
  const { $tempStream: temporary = false, $acl: acl = {} } = metadata;
  if (typeof temporary !== 'boolean') throw new TypeError('$tempStream is no boolean.');
  if (!isObject(acl) || NUMBER_MARK in acl) throw new TypeError('$acl is no object.');
  for (const [name, roles] of Object.entries(acl)) {
    const areRoles = [roles].flat().every((role) => typeof role === 'string');
    if (!ACL_PROPERTIES.has(name) || !areRoles) throw new TypeError('$acl is invalid.');
  }
}

const ACL_PROPERTIES = new Set(['$r', '$w', '$d', '$mr', '$mw']);

function parseObject(json: string): Record<string, unknown> {
  const marked = json
    .replace(/^\ufeff/, '')
    .replaceAll(TOKENS, (token) =>
      token.startsWith('"') ? token : JSON.stringify({ [NUMBER_MARK]: token }),
    );
  const value: unknown = JSON.parse(marked);
  if (!isObject(value)) throw new TypeError('No object.');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const TRUNCATE_BEFORE_MARK = '<truncate-before>';

/** Metadata JSON with another $tb; the text is written directly as no number holds the deletion mark. */
export function withTruncateBefore(json: string, truncateBefore: number): string {
  const mark = truncateBefore === Infinity ? String(MAX_INT64) : String(truncateBefore);
  const metadata = { ...plainObject(json), $tb: TRUNCATE_BEFORE_MARK };
  return JSON.stringify(metadata).replace(`"${TRUNCATE_BEFORE_MARK}"`, mark);
}

function plainObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
