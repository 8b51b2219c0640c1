import type { Role } from '@keytrail/domain';
import { redact } from '@keytrail/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, Matches, Validate, ValidatorConstraint } from 'class-validator';
import type { ValidatorConstraintInterface } from 'class-validator';
import { roles } from '../common/member.dto.js';
import { IsRoleField } from '../common/role-field.js';

@ValidatorConstraint()
class HoldsNoKey implements ValidatorConstraintInterface {
  validate(text: unknown): boolean {
    return typeof text !== 'string' || redact(text) === text;
  }

  defaultMessage(): string {
    return 'must not contain a key';
  }
}

/** What signing up takes for an address: one that it refuses could be invited, and never join. */
const SIGN_UP_EMAIL =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
const emailFault = { message: 'must be an email address that one can sign up with' };

export class InviteMemberBody {
  @ApiProperty({ format: 'email', example: 'ben@example.com' })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.trim().toLowerCase() : value,
  )
  @Validate(HoldsNoKey)
  @IsEmail({}, emailFault)
  @Matches(SIGN_UP_EMAIL, emailFault)
  email!: string;

  @IsRoleField()
  role!: Role;
}

export class SentInvitation {
  @ApiProperty({ example: 'inv_8sKd0QmXv2RkW8yLc1NbDs' })
  invitationId!: string;

  @ApiProperty({ format: 'email' })
  email!: string;

  @ApiProperty({ enum: roles })
  role!: Role;

  @ApiProperty({ description: 'The link to hand over. It is shown here and never again.' })
  url!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;

  @ApiProperty({ description: 'Whether a mail server has accepted the link for the address.' })
  mailSent!: boolean;
}
