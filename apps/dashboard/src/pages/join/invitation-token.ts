/**
 * Takes the token out of the link's fragment and out of the address, so that it stays in no history entry
 * and no screenshot. It is then only in the memory of this page.
 */
export function takeInvitationToken(): string | null {
  const token = window.location.hash.slice(1);
  if (token === '') return null;
  window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}
