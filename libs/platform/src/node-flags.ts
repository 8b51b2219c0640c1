/**
 * Several processes share a machine with few cores. By default each collects garbage and compiles in
 * four threads beside its own, which then wait for each other and keep requests from their turn.
 */
const ONE_HELPER = '--v8-pool-size=1';

/**
 * Flags for the Node.js of each part. On a machine with much memory V8 lets a heap grow to several
 * times of what lives in it before it collects; below a lower limit it collects earlier, which costs an
 * api little. The events of a batch live until their transaction ends: in a larger young generation the
 * projector, and a rebuild, need not copy them time and again. The npm scripts, the Dockerfile and
 * docker-compose.yml say the same, as the spec checks.
 */
export const nodeFlags = {
  api: ['--max-old-space-size=512', '--max-semi-space-size=16', ONE_HELPER],
  projector: ['--max-semi-space-size=64', ONE_HELPER],
  stores: [ONE_HELPER],
} as const;
