import { EventLog } from '@keytrail/event-store';
import { Repeats } from '@keytrail/platform';
import type { Logger } from '@keytrail/platform';
import { KnownCredentials } from '@keytrail/read-models';
import type { ReadModels } from '@keytrail/read-models';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { LOGGER, READ_MODELS } from './tokens.js';

const ONE_LINE_IN_MS = 10_000;

/** What this process knows by heart of credentials; see `KnownCredentials`. */
@Injectable()
export class HeldCredentials extends KnownCredentials implements OnModuleDestroy {
  constructor(
    log: EventLog,
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(LOGGER) logger: Logger,
  ) {
    const failures = new Repeats<unknown>({
      intervalMs: ONE_LINE_IN_MS,
      tell: (err, count) => {
        logger.warn({ err, count }, 'a lease on credentials ended; keys are looked up meanwhile');
      },
    });
    super({
      ...{ log, models },
      onFailure: (error) => {
        failures.add('', error);
      },
    });
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }
}
