import { combine } from '@keytrail/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { roles } from './member.dto.js';

/** A role in a body: `owner` or `reviewer`. */
export const IsRoleField = (): PropertyDecorator =>
  combine(
    ApiProperty({ enum: roles }),
    IsIn(roles, { message: `must be one of ${roles.join(', ')}` }),
  );
