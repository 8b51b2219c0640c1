import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

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

/** What every part of Keytrail that talks to the stores is told. */
export class StoreSettings {
  @IsString()
  @Matches(/^(esdb|esdb\+discover|kurrentdb|kurrentdb\+discover):\/\/.+/, {
    message: '$property must be a connection string such as esdb://127.0.0.1:2113?tls=false',
  })
  EVENTSTOREDB_URL = '';

  @IsString()
  @Matches(/^mongodb(\+srv)?:\/\/.+/, {
    message: '$property must be a connection string such as mongodb://127.0.0.1:27017/keytrail',
  })
  MONGODB_URL = '';

  @IsOptional()
  @IsIn(logLevels, { message: `$property must be one of ${logLevels.join(', ')}` })
  LOG_LEVEL: (typeof logLevels)[number] = 'info';
}

/** Where a part that speaks HTTP listens. */
export class HttpSettings {
  @IsPortVariable()
  PORT = 3000;

  @IsString()
  @Matches(/^[0-9A-Za-z.:-]+$/, {
    message: '$property must be an address or a host name to listen on, such as 127.0.0.1',
  })
  HOST = '127.0.0.1';
}
