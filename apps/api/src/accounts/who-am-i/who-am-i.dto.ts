import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class NamedAccount {
  @ApiProperty({ example: 'acc_5hZt0QmXv2RkW8yLc1NbDs' })
  id!: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  name!: string;
}

class CallingKey {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ example: 'axk_1234' })
  keyPrefix!: string;
}

export class CallingPerson {
  @ApiProperty()
  id!: string;

  @ApiProperty({ format: 'email' })
  email!: string;

  @ApiProperty({ enum: ['owner', 'reviewer'] })
  role!: 'owner' | 'reviewer';
}

export class WhoAmIAnswer {
  @ApiProperty()
  account!: NamedAccount;

  @ApiPropertyOptional({ description: 'With a bearer key.' })
  apiKey?: CallingKey;

  @ApiPropertyOptional({ description: 'With a session.' })
  user?: CallingPerson;
}
