import type { AuditEntry } from '../../api/types.js';

/** What people call each type of entry. */
const titles: Readonly<Record<string, string>> = {
  KeyCreated: 'Key created',
  KeyUsed: 'Key used',
  KeyRevoked: 'Key revoked',
  KeyRefused: 'Key refused',
  AccountOpened: 'Account opened',
  MemberInvited: 'Member invited',
  InvitationWithdrawn: 'Invitation withdrawn',
  MemberJoined: 'Member joined',
  MemberRoleChanged: 'Role changed',
  MemberRenamed: 'Name changed',
  MemberRemoved: 'Member removed',
  SignedIn: 'Signed in',
  SignInFailed: 'Sign-in failed',
  SignedOut: 'Signed out',
  SessionsEnded: 'All sessions ended',
  PasswordChanged: 'Password changed',
  AuditExported: 'Audit trail exported',
};

export const auditTypes = Object.keys(titles);

export const typeTitle = (type: string): string => titles[type] ?? type;

/** Why a key was refused. */
const refusals: Readonly<Record<string, string>> = {
  revoked_key: 'revoked',
  wrong_account: 'for another account',
};

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** What the entry says beyond its type, in a few words. */
export function detailOf({ type, details }: AuditEntry): string {
  const detail = (name: string): string => text(details[name]);
  switch (type) {
    case 'KeyUsed':
      return `${detail('method')} ${detail('path')}`;
    case 'KeyRefused':
      return `${detail('count')} × ${detail('method')} ${detail('path')}, ${refusals[detail('reason')] ?? ''}${
        details['manyCallers'] === true ? ', by many callers' : ''
      }`;
    case 'KeyRevoked':
      return detail('reason') && `Reason: ${detail('reason')}`;
    case 'MemberInvited':
      return `${detail('email')} as ${detail('role')}`;
    case 'MemberJoined':
      return `${detail('email')} as ${detail('role')}`;
    case 'MemberRoleChanged':
      return `${detail('email') || detail('userId')} is now ${detail('role')}`;
    case 'MemberRenamed':
      return `${detail('email')} is now called ${detail('name')}`;
    case 'SignInFailed':
      return `${detail('count')} × ${detail('email')}`;
    case 'MemberRemoved':
      return detail('email') || detail('userId');
    case 'InvitationWithdrawn':
      return detail('email') || detail('invitationId');
    case 'AuditExported':
      return detail('format').toUpperCase();
    default:
      return detail('name');
  }
}
