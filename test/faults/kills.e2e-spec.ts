import { setTimeout as pause } from 'node:timers/promises';
import { describeWithOwnEventStore } from '../support/describe-with.js';
import { randomOf, runSeed } from '../support/random.js';
import { readLog } from '../support/read-log.js';
import { auditAcknowledgements, rebuildAndCompare } from './audit-of-acknowledgements.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';
import { Workload } from './workload.js';

const kills = Number(process.env['FAULT_KILLS'] ?? '12');
const MODELS = 7;
/** Now and then the stores stay away for longer than their clients wait for them. */
const LONG_OUTAGE_EVERY = 12;
const LONG_OUTAGE_MS = 3_000;

describeWithOwnEventStore(
  `G4 nothing lost, nothing doubled, over ${kills} kills under load (seed ${runSeed})`,
  () => {
    let deployment: Deployment;
    let workload: Workload | undefined;

    beforeAll(async () => {
      deployment = await deploy({ apis: 2 });
    });

    afterAll(async () => {
      await workload?.stop();
      await deployment.stop();
    });

    it(
      'keeps every acknowledged event once in the log and in every read model',
      async () => {
        const random = randomOf(runSeed);
        workload = await Workload.start(deployment.urls, random);
        const { stores, eventStore, projector, apis } = deployment;
        const victims = [stores, projector, ...apis, eventStore];
        for (let kill = 0; kill < kills; kill += 1) {
          await workload.progress(20 + Math.floor(random() * 200));
          const victim = victims[kill % victims.length] ?? deployment.stores;
          await victim.kill9();
          if (kill % LONG_OUTAGE_EVERY === 0) await pause(LONG_OUTAGE_MS);
          await victim.start();
        }
        await workload.progress(100);
        await workload.stop();

        const { acknowledged } = workload;
        const findings = auditAcknowledgements(
          acknowledged,
          await readLog(deployment.eventStoreUrl),
        );
        expect(findings).toEqual({ missing: [], doubled: [] });
        const failures = deployment.apis.flatMap((api) => api.failures);
        expect({ unexpected: acknowledged.unexpected, failures }).toEqual({
          unexpected: [],
          failures: [],
        });
        expect(acknowledged.uses.length).toBeGreaterThan(kills);
        const models = await rebuildAndCompare(deployment);
        expect(models).toEqual({ equal: MODELS, different: [] });
      },
      kills * 20_000 + 120_000,
    );
  },
);
