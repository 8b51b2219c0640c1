import type { Role } from '@keytrail/accounts';
import { IsRoleField } from '../accounts/role-field.js';

export class ChangeRoleBody {
  @IsRoleField()
  role!: Role;
}
