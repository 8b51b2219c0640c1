import { Transform } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
} from 'class-validator';
import { IsEventStoreUrl } from './event-store-url.js';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const toNumber = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;

/** A whole number from a variable, 0 to 65,535. Port 0 asks the system for a free one. */
export function IsPortVariable(): PropertyDecorator {
  return combine(
    Transform(toNumber),
    IsInt({ message: '$property must be a port number from 0 to 65535' }),
    Min(0, { message: '$property must be a port number from 0 to 65535' }),
    Max(65_535, { message: '$property must be a port number from 0 to 65535' }),
  );
}

/** Runs several property decorators as one. */
export function combine(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/** What every process is told. */
export class ProcessSettings {
  @IsIn(logLevels, { message: `$property must be one of ${logLevels.join(', ')}` })
  LOG_LEVEL: (typeof logLevels)[number] = 'info';
}

/** What every part of Keytrail that talks to the stores is told. */
export class StoreSettings extends ProcessSettings {
  @IsEventStoreUrl()
  EVENTSTOREDB_URL = '';

  // The driver quotes what it cannot read, password included.
  @Matches(/^mongodb(\+srv)?:\/\/(?:[^:@/?\s]+(?::[^:@/?\s]+)?@)?[^@/?\s]+(?:[/?][^@\s]*)?$/, {
    message:
      '$property must be a connection string such as mongodb://127.0.0.1:27017/keytrail, in which a ' +
      'password has its characters other than letters and digits percent-encoded',
  })
  MONGODB_URL = '';
}

const atItsRoot = {
  message:
    '$property must be the address people use, without a path, such as https://keys.example.com',
};

const fewOrMany = { message: '$property must be a number of connections from 100 to 100000' };

/** What the api is told. */
export class ApiSettings extends StoreSettings {
  @IsPortVariable()
  PORT: number = 3000;

  @Matches(/^[0-9A-Za-z.:-]+$/, {
    message: '$property must be an address or a host name to listen on, such as 127.0.0.1',
  })
  HOST: string = '127.0.0.1';

  @Matches(/^[a-z][a-z0-9]{1,9}$/, {
    message: '$property must be 2 to 10 lower-case letters and digits, beginning with a letter',
  })
  KEY_PREFIX: string = 'axk';

  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true }, atItsRoot)
  // Below a path the sign-in library would look for its own addresses there, and find none.
  @Matches(/^https?:\/\/[^/?#@]+\/?$/, atItsRoot)
  BASE_URL?: string;

  @IsOptional()
  @MinLength(32, { message: '$property must be at least 32 characters long' })
  AUTH_SECRET?: string;

  /** Where a secret for sessions is kept when none is set. */
  @IsString()
  DATA_DIR: string = './data';

  @Matches(/^[A-Za-z][0-9A-Za-z-]{0,31}$/, {
    message: '$property must be 1 to 32 letters, digits and hyphens, beginning with a letter',
  })
  COOKIE_PREFIX: string = 'keytrail';

  /** `true` means one proxy. */
  @Matches(/^(true|false|[1-9])$/, {
    message: '$property must be true, false or the number of proxies in a row, 1 to 9',
  })
  TRUST_PROXY: string = 'false';

  @Transform(toNumber)
  @IsInt(fewOrMany)
  @Min(100, fewOrMany)
  @Max(100_000, fewOrMany)
  MAX_CONNECTIONS: number = 2_000;

  @IsOptional()
  @ValidateBy({
    name: 'hasBaseUrl',
    validator: {
      // A host that a request names would be in the links, and anybody can name one.
      validate: (_, args) => (args?.object as ApiSettings).BASE_URL !== undefined,
      defaultMessage: () => 'BASE_URL must be set when SMTP_URL is: mails hold links to it',
    },
  })
  @Matches(/^smtps?:\/\/.+/, { message: '$property must look like smtp://user:password@host:587' })
  SMTP_URL?: string;

  @IsString()
  MAIL_FROM: string = 'Keytrail <keytrail@localhost>';
}

/** What the process of the embedded stores is told. */
export class EmbeddedStoresSettings {
  @IsPortVariable()
  EVENTSTOREDB_PORT: number = 2113;

  @IsPortVariable()
  MONGODB_PORT: number = 27_017;

  /** Of the stores' one user; drawn at each start unless set. */
  @IsOptional()
  @Matches(/^[0-9A-Za-z]{16,128}$/, {
    message: '$property must be 16 to 128 letters and digits',
  })
  STORES_PASSWORD?: string;

  @IsString()
  DATA_DIR: string = './data';
}

/** What the supervisor itself is told; all else it passes on to the parts. */
export class SupervisorSettings extends ProcessSettings {
  @IsString()
  DATA_DIR: string = './data';
}
