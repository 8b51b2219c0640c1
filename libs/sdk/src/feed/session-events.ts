import { Transport } from '../http/transport.js';
import { readCallSettings } from '../common/settings.js';
import type { KeytrailOptions } from '../common/settings.js';
import { EventFeed } from './event-feed.js';
import type { EventFeedOptions } from './event-feed.js';

export interface SessionOptions extends Omit<KeytrailOptions, 'apiKey'> {
  /** The account to read; the one that the person has chosen when left out. */
  readonly account?: string | undefined;
}

/**
 * The live events of an account for pages of Keytrail's own origin, where the browser's session cookie says
 * who reads.
 *
 * @throws KeytrailError `invalid_argument` at once; others while it is read
 */
export function sessionEvents(session: SessionOptions, options: EventFeedOptions = {}): EventFeed {
  const settings = {
    ...readCallSettings(session),
    credentials: { sessionAccount: session.account },
  };
  return new EventFeed(new Transport(settings), options);
}
