import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ListedAccount } from '../list-accounts/list-accounts.dto.js';
import { CallingPerson, NamedAccount } from '../who-am-i/who-am-i.dto.js';

export class Session {
  @ApiProperty({
    description: 'The account that is named, or the one that the person was last in.',
  })
  account!: NamedAccount;

  @ApiProperty()
  user!: CallingPerson;

  @ApiProperty({ type: [ListedAccount], description: 'Every account that the person is in.' })
  accounts!: ListedAccount[];
}

@ApiExtraModels(Session)
export class CurrentSession {
  @ApiProperty({
    // A reference cannot be made nullable in OpenAPI 3.0.
    oneOf: [{ $ref: getSchemaPath(Session) }, { enum: [null] }],
    description: '`null` when nobody is signed in.',
  })
  session!: Session | null;

  @ApiProperty({
    example: 'axk',
    description: 'What every key begins with, before its underscore.',
  })
  keyPrefixWord!: string;
}
