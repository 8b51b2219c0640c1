import { EventLogError } from '@keytrail/event-store';
import type { TestApp } from './app.js';

/** From now on the app's event log records so many appends and then no more. */
export function failAppends({ log }: TestApp, { after }: { readonly after: number }): void {
  const append = log.appendEncoded.bind(log);
  let left = after;
  log.appendEncoded = (...args) => {
    left -= 1;
    return left >= 0 ? append(...args) : Promise.reject(unavailable());
  };
}

const unavailable = (): EventLogError =>
  new EventLogError('event_log_unavailable', 'The test has taken the event log away');
