// `node scripts/start.cjs <app> [--build]`: runs the built app in this process, so that a signal sent by
// npm or a service manager reaches it directly. Builds first when asked to, or when nothing is built.
require('./check-node.cjs');
require('./start-built.cjs');
