import { describeWithOwnEventStore } from '../support/describe-with.js';
import { randomOf, runSeed } from '../support/random.js';
import { rebuildAndCompare } from './audit-of-acknowledgements.js';
import { deploy } from './deployment.js';
import type { Deployment } from './deployment.js';
import { Workload } from './workload.js';

const MODELS = 7;

describeWithOwnEventStore(`G4 nothing doubled by a second projector (seed ${runSeed})`, () => {
  let deployment: Deployment;
  let workload: Workload | undefined;

  beforeAll(async () => {
    deployment = await deploy({ apis: 1 });
  });

  afterAll(async () => {
    await workload?.stop();
    await deployment.stop();
  });

  it('leaves every read model as one alone would have', async () => {
    const second = deployment.anotherProjector();
    workload = await Workload.start(deployment.urls, randomOf(runSeed));
    await workload.progress(200);
    await second.start();
    await workload.progress(500);
    await deployment.projector.kill9();
    await workload.progress(200);
    await deployment.projector.start();
    await workload.progress(300);
    await workload.stop();
    expect(workload.acknowledged.unexpected).toEqual([]);
    const models = await rebuildAndCompare(deployment);
    expect(models).toEqual({ equal: MODELS, different: [] });
  }, 180_000);
});
