import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { AppendTarget, BatchAppendRequest } from './append-requests.js';
import {
  refusalMessage,
  successMessage,
  type AppendName,
  type Refusal,
} from './batch-append-messages.js';
import { storeFailed } from './grpc-errors.js';
import type { Node } from './node.js';
import { eventSizeBytes, MAX_APPEND_SIZE_BYTES, validateEvent } from './proposed-events.js';
import type { ProposedEvent } from './record.js';
import { streamNameFault } from './stream-name.js';

type BatchCall = ServerDuplexStream<BatchAppendRequest, Buffer>;

interface OpenAppend extends AppendName {
  readonly events: ProposedEvent[];
  readonly untilMs: number;
  sizeBytes: number;
  timer?: NodeJS.Timeout;
}

/** Reading pauses while more than this waits for a commit. */
const MAX_UNANSWERED_BYTES = 16 * 1024 * 1024;

/** Until when the last part of an append must have come, whatever the client's deadline is. */
const WRITE_TIMEOUT_MS = 2000;

/** `Streams.BatchAppend`: many appends on one call, answered by correlation id as they get durable. */
export function batchAppendHandler(node: Node) {
  return (call: BatchCall) => new BatchAppendCall(node, call);
}

class BatchAppendCall {
  private readonly open = new Map<string, OpenAppend>();
  private unanswered = 0;
  private unansweredBytes = 0;
  private ended = false;

  constructor(
    private readonly node: Node,
    private readonly call: BatchCall,
  ) {
    call.on('data', (request: BatchAppendRequest) => {
      this.receive(request);
    });
    call.on('end', () => {
      this.ended = true;
      this.endWhenAnswered();
    });
    call.on('cancelled', () => {
      for (const { timer } of this.open.values()) clearTimeout(timer);
      this.open.clear();
    });
  }

  private receive(request: BatchAppendRequest): void {
    const key = request.correlationId.toString('latin1');
    const append = this.open.get(key) ?? this.begin(request);
    if (!append) return;
    const refusal = addEvents(append, request);
    if (refusal) this.send(refusalMessage(append, refusal));
    const isOver = refusal?.kind === 'too_large' || (!refusal && request.isFinal);
    if (!isOver) {
      this.keepOpen(key, append);
      return;
    }
    this.open.delete(key);
    clearTimeout(append.timer);
    if (!refusal) void this.finish(append);
  }

  /** Undefined for what cannot begin an append, which is told if it tries to. */
  private begin({ correlationId, target }: BatchAppendRequest): OpenAppend | undefined {
    if (!target) return undefined;
    const { streamName, expected } = target;
    const name = { correlationId, streamName: streamName ?? '', expected: expected ?? 'any' };
    if (streamName === undefined || expected === undefined) {
      const message = 'The append names no stream or expects no revision.';
      this.send(refusalMessage(name, { kind: 'invalid', message }));
      return undefined;
    }
    const now = this.node.role.now();
    const timeoutMs = Math.min(requestedTimeoutMs(target, now), WRITE_TIMEOUT_MS);
    if (timeoutMs > 0) return { ...name, events: [], sizeBytes: 0, untilMs: now + timeoutMs };
    this.send(refusalMessage(name, { kind: 'timeout' }));
    return undefined;
  }

  /** Its last part may never come; one that was refused for an event gets this second answer too. */
  private keepOpen(key: string, append: OpenAppend): void {
    this.open.set(key, append);
    append.timer ??= setTimeout(() => {
      if (this.open.delete(key)) this.send(refusalMessage(append, { kind: 'timeout' }));
      this.endWhenAnswered();
    }, append.untilMs - this.node.role.now());
  }

  private async finish(append: OpenAppend): Promise<void> {
    const notLeader = this.node.role.refusal(this.call.metadata);
    if (notLeader) {
      this.call.emit('error', notLeader);
      return;
    }
    this.unanswered++;
    this.unansweredBytes += append.sizeBytes;
    if (this.unansweredBytes > MAX_UNANSWERED_BYTES) this.call.pause();
    try {
      this.send(await this.write(append));
    } catch {
      this.call.emit('error', storeFailed());
    }
    this.unanswered--;
    this.unansweredBytes -= append.sizeBytes;
    if (this.unansweredBytes <= MAX_UNANSWERED_BYTES && this.call.isPaused()) this.call.resume();
    this.endWhenAnswered();
  }

  private async write(append: OpenAppend): Promise<Buffer> {
    const { streamName, expected, events } = append;
    const nameFault = streamNameFault(streamName);
    if (nameFault !== undefined) {
      return refusalMessage(append, { kind: 'invalid', message: nameFault });
    }
    const outcome = await this.node.appender.write({ streamName, expected, change: events });
    return outcome.kind === 'written'
      ? successMessage(append, outcome)
      : refusalMessage(append, outcome);
  }

  private send(message: Buffer): void {
    if (!this.call.cancelled) this.call.write(message);
  }

  private endWhenAnswered(): void {
    if (this.ended && this.unanswered === 0) this.call.end();
  }
}

/** The first event that is refused refuses the part that it came with. */
function addEvents(append: OpenAppend, { events }: BatchAppendRequest): Refusal | undefined {
  for (const event of events) {
    const validated = validateEvent(event);
    if (validated.kind !== 'valid') return validated;
    append.sizeBytes += eventSizeBytes(event);
    if (append.sizeBytes > MAX_APPEND_SIZE_BYTES) return { kind: 'too_large' };
    append.events.push(validated.event);
  }
  return undefined;
}

/** A deadline is a time by the client's clock, and counts by this server's. */
function requestedTimeoutMs({ deadline }: AppendTarget, nowMs: number): number {
  if (!deadline) return Infinity;
  return deadline.kind === 'at' ? deadline.ms - nowMs : deadline.ms;
}
