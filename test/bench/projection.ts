import { EventLog, formatPosition } from '@keytrail/event-store';
import { modelNames, openReadModels } from '@keytrail/read-models';
import type { ModelName, ReadModels } from '@keytrail/read-models';
import { setTimeout as pause } from 'node:timers/promises';
import type { Deployment } from '../faults/deployment.js';
import type { Running } from './running.js';

const POLL_EVERY_MS = 2;
const GIVE_UP_AFTER_MS = 600_000;

/** Looks at the log and at the read models of a deployment from outside, as their own clients do. */
export class Projection {
  private constructor(
    private readonly log: EventLog,
    private readonly models: ReadModels,
    private readonly signal: AbortSignal,
  ) {}

  static open(running: Running, { eventStoreUrl, mongoUrl }: Deployment): Promise<Projection> {
    const log = new EventLog(eventStoreUrl);
    const models = openReadModels(mongoUrl);
    const projection = new Projection(log, models, running.signal);
    return running.start(() => Promise.resolve(projection));
  }

  readonly stop = async (): Promise<void> => {
    await Promise.all([this.log.close(), this.models.close()]);
  };

  /** Resolves when the models hold every event that the log held when this was called. */
  async caughtUp(
    names: readonly ModelName[] = modelNames,
    pollEveryMs = POLL_EVERY_MS,
  ): Promise<void> {
    const { last } = await this.log.head((await this.models.views.current()).progress);
    const goal = last ? formatPosition(last.position) : '';
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    while (!(await this.reaches(names, goal))) {
      if (performance.now() > giveUpAt) throw new Error('The projector does not catch up');
      await pause(pollEveryMs, undefined, { signal: this.signal });
    }
  }

  private async reaches(names: readonly ModelName[], goal: string): Promise<boolean> {
    const entries = await this.models.registry.load();
    return names.every((name) => (entries.get(name)?.position ?? '') >= goal);
  }
}
