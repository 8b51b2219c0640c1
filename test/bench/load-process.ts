// The load generator, in a process of its own: it takes jobs over the process's channel, one at a time.
import autocannon from 'autocannon';
import type { Options, Result } from 'autocannon';
import type { LoadJob, LoadReport } from './load.js';
import { percentile, rounded } from './percentile.js';

/** @param onAnswer told how long each answer took */
function answers(job: LoadJob, onAnswer: (responseTimeMs: number) => void): Promise<Result> {
  const { url, path, headers, connections, durationMs } = job;
  let connected = 0;
  const options: Options = {
    url,
    connections,
    duration: durationMs / 1_000,
    timeout: 10,
    sampleInt: 100,
    // Each connection begins with another key, or all would use the same one at the same time.
    setupClient: (client) => {
      const start = Math.floor((connected * headers.length) / connections);
      connected += 1;
      const turned = [...headers.slice(start), ...headers.slice(0, start)];
      client.setRequests(turned.map((one) => ({ method: 'GET', path, headers: one })));
    },
  };
  return new Promise((resolve, reject) => {
    const running = autocannon(options, (error: Error | null, result) => {
      if (error) reject(error);
      else resolve(result);
    });
    running.on('response', (_client, _status, _bytes, responseTimeMs) => {
      onAnswer(responseTimeMs);
    });
  });
}

async function run(job: LoadJob): Promise<LoadReport> {
  const latencies: number[] = [];
  let firstAt = 0;
  let lastAt = 0;
  const { non2xx, errors, timeouts } = await answers(job, (responseTimeMs) => {
    lastAt = performance.now();
    firstAt ||= lastAt;
    latencies.push(responseTimeMs);
  });
  return {
    requests: latencies.length,
    rps: rounded(((latencies.length - 1) * 1_000) / (lastAt - firstAt)),
    p50Ms: rounded(percentile(latencies, 0.5)),
    p99Ms: rounded(percentile(latencies, 0.99)),
    failed: non2xx + errors + timeouts,
  };
}

process.on('message', (job: LoadJob) => {
  void run(job).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
