export interface BearerKeyOptions {
  /** Where Keytrail answers, such as `https://keys.example.com`. */
  readonly baseUrl: string;
  /** The key by which this service itself is known to Keytrail; only keys of its account are let in. */
  readonly apiKey: string;
  /** How long to wait for Keytrail before a request is refused with 503, in milliseconds; 2,000 by default. */
  readonly timeoutMs?: number;
}

/** Under which the options are injected; they are an interface and have no class of their own. */
export const BEARER_KEY_OPTIONS = Symbol('BEARER_KEY_OPTIONS');
