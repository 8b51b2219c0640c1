/**
 * Flags for the Node.js of an api process. On a machine with much memory V8 lets a heap grow to several
 * times of what lives in it before it collects; below a lower limit it collects earlier, which costs an
 * api little. `start:api`, the Dockerfile and docker-compose.yml say the same, as the spec checks.
 */
export const apiHeapFlags: readonly string[] = [
  '--max-old-space-size=512',
  '--max-semi-space-size=16',
];
