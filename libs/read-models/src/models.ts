import { openModels, type OpenOptions } from '@keytrail/projections';
import { accounts } from './accounts/accounts.projection.js';
import { audit } from './audit/audit.projection.js';
import type { KeytrailModel, ModelName, ReadModels } from './common/keytrail-model.js';
import { credentials } from './credentials/credentials.projection.js';
import { invitations } from './invitations/invitations.projection.js';
import { keys } from './keys/keys.projection.js';
import { members } from './members/members.projection.js';
import { usage } from './usage/usage.projection.js';

/** All of Keytrail's read models. */
export const allModels: readonly KeytrailModel[] = [
  credentials,
  keys,
  accounts,
  members,
  invitations,
  audit,
  usage,
];

export const modelNames: readonly ModelName[] = allModels.map(({ name }) => name);

/** Opens Keytrail's read models, see `openModels`. */
export const openReadModels = (mongoUrl: string, options?: OpenOptions): ReadModels =>
  openModels(mongoUrl, allModels, options);
