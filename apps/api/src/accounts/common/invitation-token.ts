import { generateKey, hashKey } from '@keytrail/domain';

/**
 * The secret in an invitation's link. It has the form of a key, so that the log refuses it and log
 * lines are scrubbed of it, and only its SHA-256 is kept.
 */
export const generateInvitationToken = (): string => generateKey('inv');

/** SHA-256, 64 hexadecimal digits. */
export const hashInvitationToken = (token: string): string => hashKey(token);
