import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the operator can watch, in the Prometheus text format. Never a key, only codes and counts. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly accepted = new Counter({
    name: 'keytrail_key_uses_total',
    help: 'Requests let through with a bearer key, each durably recorded.',
    registers: [this.registry],
  });

  readonly refused = new Counter({
    name: 'keytrail_key_refusals_total',
    help: 'Requests refused with 401, by code.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  readonly requests = new Histogram({
    name: 'keytrail_http_request_duration_seconds',
    help: 'Time to answer a request, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
