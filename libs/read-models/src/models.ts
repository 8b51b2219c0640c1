import { accounts } from './accounts/accounts.projection.js';
import { audit } from './audit/audit.projection.js';
import { credentials } from './credentials/credentials.projection.js';
import { invitations } from './invitations/invitations.projection.js';
import { keys } from './keys/keys.projection.js';
import { members } from './members/members.projection.js';
import type { ModelName, ReadModel } from './read-model.js';
import { usage } from './usage/usage.projection.js';

export const allModels: readonly ReadModel[] = [
  credentials,
  keys,
  accounts,
  members,
  invitations,
  audit,
  usage,
];

export const modelNames: readonly ModelName[] = allModels.map(({ name }) => name);
