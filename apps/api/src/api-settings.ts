import { IsPortVariable, StoreSettings } from '@keytrail/platform';
import { IsIn, IsOptional, IsString, IsUrl, Matches, MinLength } from 'class-validator';

/** What the api is told by its environment. */
export class ApiSettings extends StoreSettings {
  @IsPortVariable()
  PORT: number = 3000;

  @IsString()
  HOST: string = '127.0.0.1';

  @Matches(/^[a-z][a-z0-9]{1,9}$/, {
    message: '$property must be 2 to 10 lower-case letters and digits, beginning with a letter',
  })
  KEY_PREFIX: string = 'axk';

  @IsOptional()
  @IsUrl(
    { require_tld: false, protocols: ['http', 'https'], require_protocol: true },
    { message: '$property must be the address people use, such as https://keys.example.com' },
  )
  BASE_URL?: string;

  @IsOptional()
  @MinLength(32, { message: '$property must be at least 32 characters long' })
  AUTH_SECRET?: string;

  @IsIn(['true', 'false'], { message: '$property must be true or false' })
  TRUST_PROXY: string = 'false';

  @IsOptional()
  @Matches(/^smtps?:\/\/.+/, { message: '$property must look like smtp://user:password@host:587' })
  SMTP_URL?: string;

  @IsString()
  MAIL_FROM: string = 'Keytrail <keytrail@localhost>';
}
