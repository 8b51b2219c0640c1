import { isMostUsed } from './most-used-passwords.js';

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

/**
 * What makes a password easy to guess, as the end of a sentence; `null` when nothing does. Its length
 * is looked at elsewhere.
 *
 * @param email of the person whose password it would be
 */
export function passwordFault(password: string, email: string): string | null {
  const plain = password.trim().toLowerCase();
  if (plain === '') return 'it consists of spaces only';
  const address = email.toLowerCase();
  if (plain === address || plain === address.split('@', 1)[0]) return 'it is the address';
  return isMostUsed(plain) ? 'it is one of those that are used most' : null;
}
