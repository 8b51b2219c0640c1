// `node scripts/start.cjs <app> [--build]`: runs the built app in this process. Builds first when asked to,
// or when nothing is built. The npm scripts `exec` it: without a shell between them, npm passes a signal on
// and waits until all parts have stopped.
require('./check-node.cjs');
require('./check-open-files.cjs');
require('./start-built.cjs');
