import { withoutKeys } from '../api/key-text.js';
import { parseSearch, stringifySearch } from './search.js';

/** Takes a key that somebody put into the address out of it and of the history, before anything reads it. */
export function cleanAddress(): void {
  const { pathname, search, hash } = window.location;
  const given = new URLSearchParams(search).toString();
  const clean = withoutKeys(pathname) + stringifySearch(parseSearch(search));
  if (clean === pathname + (given === '' ? '' : `?${given}`)) return;
  window.history.replaceState(window.history.state, '', clean + hash);
}
