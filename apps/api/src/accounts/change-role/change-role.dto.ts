import type { Role } from '@keytrail/domain';
import { IsRoleField } from '../common/role-field.js';

export class ChangeRoleBody {
  @IsRoleField()
  role!: Role;
}
