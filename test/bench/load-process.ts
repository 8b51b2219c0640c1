// The load generator, in a process of its own: it takes jobs over the process's channel, one at a time.
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { Options, Result } from 'autocannon';
import { Pool } from 'undici';
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

async function runClosed(job: LoadJob): Promise<LoadReport> {
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

/** Begins requests at a fixed rate and counts each from when it was due. */
async function runOpen(job: LoadJob, perSecond: number): Promise<LoadReport> {
  const { url, path, headers, connections, durationMs } = job;
  const pool = new Pool(url, { connections, pipelining: 1 });
  const latencies: number[] = [];
  let failed = 0;
  const ask = async (index: number, dueAt: number): Promise<void> => {
    try {
      const own = headers[index % headers.length] ?? {};
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers: own });
      await body.dump();
      if (statusCode !== 200) failed += 1;
    } catch {
      failed += 1;
    }
    latencies.push(performance.now() - dueAt);
  };
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  const total = Math.round((durationMs * perSecond) / 1_000);
  while (asked.length < total) {
    const dueAt = startedAt + (asked.length * 1_000) / perSecond;
    const aheadMs = dueAt - performance.now();
    if (aheadMs > 0) await pause(aheadMs);
    else asked.push(ask(asked.length, dueAt));
  }
  await Promise.all(asked);
  const rps = rounded((total * 1_000) / (performance.now() - startedAt));
  await pool.close();
  const [p50Ms, p99Ms] = [
    rounded(percentile(latencies, 0.5)),
    rounded(percentile(latencies, 0.99)),
  ];
  return { requests: total, rps, p50Ms, p99Ms, failed };
}

const run = (job: LoadJob): Promise<LoadReport> =>
  job.perSecond === undefined ? runClosed(job) : runOpen(job, job.perSecond);

process.on('message', (job: LoadJob) => {
  void run(job).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
