/** @typedef {string | readonly string[] | undefined} Roles in an access control list of EventStoreDB */

const ADMINS = '$admins';
const EVERYBODY = '$all';

/** @param {Roles} roles */
export const toList = (roles) =>
  roles === undefined ? [] : typeof roles === 'string' ? [roles] : [...roles];

/**
 * Who may read `$all`, when this user is to be one of them. Without a list of its own only $admins may.
 *
 * @param {Roles} present
 * @param {string} user
 * @returns {string[] | undefined} undefined when the user may already
 */
export function readersWith(present, user) {
  const readers = toList(present);
  if (readers.includes(user) || readers.includes(EVERYBODY)) return undefined;
  return [...new Set([ADMINS, ...readers, user])];
}

/**
 * The rights in all streams without a list of their own, on a server that is one user's alone: the user appends and
 * reads, and neither it nor anybody but $admins deletes, cuts off or changes who may do what.
 *
 * @param {string} user
 */
export const defaultRights = (user) => ({
  $userStreamAcl: {
    $r: [ADMINS, user],
    $w: [ADMINS, user],
    $d: ADMINS,
    $mr: [ADMINS, user],
    $mw: ADMINS,
  },
  $systemStreamAcl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS },
});

const lists = ['$userStreamAcl', '$systemStreamAcl'];
const rights = ['$r', '$w', '$d', '$mr', '$mw'];

/**
 * Whether two sets of default rights say the same.
 *
 * @param {any} left
 * @param {any} right
 */
export const sameRights = (left, right) =>
  lists.every((list) =>
    rights.every(
      (name) =>
        toList(left?.[list]?.[name]).sort().join() === toList(right?.[list]?.[name]).sort().join(),
    ),
  );

/**
 * The users and groups in default rights that are neither the server's own nor this user: the server is somebody
 * else's too.
 *
 * @param {any} present
 * @param {string} user
 */
export function othersIn(present, user) {
  const named = lists.flatMap((list) => rights.flatMap((name) => toList(present?.[list]?.[name])));
  return [...new Set(named)].filter((name) => !['$admins', '$ops', '$all', user].includes(name));
}
