import type { Auth } from './auth.js';

type People = Awaited<Auth['$context']>['internalAdapter'];
type Person = Awaited<ReturnType<People['findUserById']>>;

/**
 * The sign-in library's own store of people. Its API acts for the session of a request only, and these
 * acts have none that it would take: the way here is the context that it hands to its plugins.
 */
const peopleOf = async (auth: Auth): Promise<People> => (await auth.$context).internalAdapter;

/** `null` when there is no such person. */
export const findPerson = async (auth: Auth, userId: string): Promise<Person> =>
  (await peopleOf(auth)).findUserById(userId);

/** @param email in lower case; `null` when nobody has it */
export const findPersonByEmail = async (auth: Auth, email: string): Promise<Person> =>
  (await (await peopleOf(auth)).findUserByEmail(email))?.user ?? null;

/** Changes a field of a person that the library's API takes from nobody. */
export async function setCurrentAccountOf(
  auth: Auth,
  userId: string,
  currentAccountId: string,
): Promise<void> {
  await (await peopleOf(auth)).updateUser(userId, { currentAccountId });
}
