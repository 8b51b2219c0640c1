import { nodeFlags } from '@keytrail/platform';
import { fileURLToPath } from 'node:url';
import type { Deployment } from './deployment.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What follows the path of Node.js in `npm run rebuild -- all`, and where it runs, for a deployment. */
export const rebuildCommand = ({
  eventStoreUrl,
  mongoUrl,
}: Pick<Deployment, 'eventStoreUrl' | 'mongoUrl'>) => ({
  args: [...nodeFlags.projector, 'apps/projector/dist/rebuild.js', 'all'],
  options: {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      EVENTSTOREDB_URL: eventStoreUrl,
      MONGODB_URL: mongoUrl,
    },
  },
});
