import type { Role } from '@keytrail/domain';
import { IsRoleField } from '../accounts/role-field.js';

export class ChangeRoleBody {
  @IsRoleField()
  role!: Role;
}
