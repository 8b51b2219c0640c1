import { peakRssMiB } from '../bench/process-usage.js';
import { deploy } from '../faults/deployment.js';
import type { Deployment } from '../faults/deployment.js';
import { tenantWithHistory } from './history.js';
import { Attacker } from './attacker.js';
import { attacks } from './attacks.js';
import type { HostileTenant } from './attacks.js';
import { GoodTenant } from './good-tenant.js';

/** How long each attack lasts: npm test tries it, `npm run test:hostile` means it. */
const SECONDS = Number(process.env['HOSTILE_SECONDS'] ?? '3');
const MOST_MIB = 400;

let deployment: Deployment;
let url: string;
let hostile: HostileTenant;
let good: GoodTenant;
beforeAll(async () => {
  deployment = await deploy({ apis: 1, env: { LOG_LEVEL: 'error' } });
  url = deployment.urls[0] ?? '';
  hostile = await tenantWithHistory(url);
  good = await GoodTenant.signUp(url);
}, 120_000);
afterAll(async () => {
  await good.close();
  await deployment.stop();
});

describe('a well-behaved tenant is served beside', () => {
  it.each(Object.entries(attacks))(
    '%s',
    async (_name, attack) => {
      const over = AbortSignal.timeout(SECONDS * 1_000);
      const attacker = new Attacker(url, '127.0.0.2', over);
      good.faults.length = 0;
      good.rounds = 0;
      try {
        await Promise.all([attack(attacker, hostile), good.live(over)]);
      } finally {
        attacker.close();
      }
      expect(good.faults).toEqual([]);
      expect(good.rounds).toBeGreaterThan(0);
      const [api] = deployment.apis;
      expect(api && peakRssMiB(api.pid)).toBeLessThan(MOST_MIB);
      expect(api?.failures).toEqual([]);
    },
    SECONDS * 1_000 + 60_000,
  );
});
