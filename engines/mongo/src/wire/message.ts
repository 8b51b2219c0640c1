import { BsonType, documentValue, ElementReader, type Fields } from '../bson/raw.js';
import { assemble, checkDocument, int64, toDocument } from '../bson/values.js';
import { MongoFault } from '../bson/errors.js';

/* Framing after https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */

export const MAX_MESSAGE_BYTES = 48_000_000;
export const HEADER_BYTES = 16;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const MORE_TO_COME = 2;
/** Bits below 16 that a receiver does not know must be refused; no driver sends the one of a checksum. */
const UNKNOWN_REQUIRED = 0xffff & ~MORE_TO_COME;

/** How a message is to be answered. */
export interface Frame {
  readonly requestId: number;
  /** As OP_QUERY, which drivers begin with. */
  readonly legacy: boolean;
  /** The client does not want an answer (w: 0). */
  readonly silent: boolean;
}

export interface Command extends Frame {
  readonly name: string;
  readonly database: string;
  /** The fields of the command document, without the batches below. */
  readonly body: Fields;
  /** Documents of the statement batches, still encoded: `documents`, `updates`, `deletes`. */
  readonly batches: ReadonlyMap<string, readonly Buffer[]>;
}

const BATCH_FIELDS = new Set(['documents', 'updates', 'deletes']);

const malformed = (message: string): MongoFault => new MongoFault(22, message);

function arrayElements(buf: Buffer, start: number): Buffer[] {
  const reader = new ElementReader(buf, start);
  const elements: Buffer[] = [];
  while (reader.next()) {
    if (reader.type !== BsonType.object) throw malformed('a batch must hold documents');
    elements.push(buf.subarray(reader.start, reader.end));
  }
  return elements;
}

/** Splits the command document into batches and all other fields. */
function splitBody(raw: Buffer, batches: Map<string, readonly Buffer[]>): Fields {
  checkDocument(raw);
  const reader = new ElementReader(raw, 0);
  const rest: Buffer[] = [];
  while (reader.next()) {
    if (reader.type === BsonType.array && BATCH_FIELDS.has(reader.name)) {
      batches.set(reader.name, arrayElements(raw, reader.start));
    } else rest.push(raw.subarray(reader.elementStart, reader.end));
  }
  return documentValue(assemble(rest)).fields();
}

function toCommand(
  frame: Frame,
  raw: Buffer,
  batches: Map<string, readonly Buffer[]> = new Map(),
  database?: string,
): Command {
  const body = splitBody(raw, batches);
  const [name = ''] = body.keys();
  return { ...frame, name, database: database ?? body.at('$db').text ?? 'admin', body, batches };
}

function parseOpMsg(message: Buffer, requestId: number): Command {
  const flags = message.readUInt32LE(HEADER_BYTES);
  if ((flags & UNKNOWN_REQUIRED) !== 0) throw malformed('OP_MSG has unknown required flags');
  const end = message.length;
  const batches = new Map<string, readonly Buffer[]>();
  let body: Buffer | undefined;
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message[at];
    const size = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + size);
    if (size < 5 || at + 1 + size > end) throw malformed('a section exceeds its message');
    if (kind === 0) body = section;
    else if (kind === 1) parseSequence(section, batches);
    else throw malformed('unknown section kind');
    at += 1 + size;
  }
  if (body === undefined) throw malformed('OP_MSG without a body');
  const silent = (flags & MORE_TO_COME) !== 0;
  return toCommand({ requestId, legacy: false, silent }, body, batches);
}

function parseSequence(section: Buffer, batches: Map<string, readonly Buffer[]>): void {
  const nameEnd = section.indexOf(0, 4);
  const name = section.toString('utf8', 4, nameEnd);
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length) throw malformed('a document exceeds its section');
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  batches.set(name, documents);
}

function parseOpQuery(message: Buffer, requestId: number): Command {
  const nameStart = HEADER_BYTES + 4;
  const nameEnd = message.indexOf(0, nameStart);
  const namespace = message.toString('utf8', nameStart, nameEnd);
  const at = nameEnd + 9;
  const raw = message.subarray(at, at + message.readInt32LE(at));
  const database = namespace.slice(0, namespace.indexOf('.'));
  return toCommand({ requestId, legacy: true, silent: false }, raw, undefined, database);
}

/** Parses one whole message. Throws on anything that is not OP_MSG or the legacy OP_QUERY. */
export function parseMessage(message: Buffer): Command {
  const requestId = message.readInt32LE(4);
  switch (message.readInt32LE(12)) {
    case OP_MSG:
      return parseOpMsg(message, requestId);
    case OP_QUERY:
      return parseOpQuery(message, requestId);
    default:
      throw malformed('unsupported opcode');
  }
}

/** A reply: its fields, a document encoded before, or one whose batch of documents is. */
export type Reply = Readonly<Record<string, unknown>> | Buffer | CursorReply;

/** The answer to find, aggregate and getMore; the documents go out as they were stored. */
export class CursorReply {
  constructor(
    readonly batchName: 'firstBatch' | 'nextBatch',
    readonly documents: readonly Buffer[],
    readonly cursorId: bigint,
    readonly namespace: string,
  ) {}
}

const CURSOR_HEAD = Buffer.from('\x03cursor\0', 'latin1');
/**
 * The end of every answer: when the state was read that it tells. Always the same time, since it is
 * always the latest state; a session that is causally consistent asks for that time again.
 */
const TAIL = Buffer.from('\x11operationTime\0\x01\0\0\0\x01\0\0\0\0', 'latin1');
const OK_TAIL = Buffer.concat([Buffer.from('\x01ok\0\0\0\0\0\0\0\xf0\x3f', 'latin1'), TAIL]);

/**
 * Writes `{cursor: {<batch>: [<raw documents>], id, ns}, ok: 1}` in one buffer, after `offset` free bytes
 * for the message head.
 */
function encodeCursorReply(reply: CursorReply, offset: number): Buffer {
  const { documents, batchName } = reply;
  const tail = toDocument({ id: int64(reply.cursorId), ns: reply.namespace }).buf.subarray(4);
  let batchBytes = 5;
  for (const [at, raw] of documents.entries()) batchBytes += raw.length + String(at).length + 2;
  const nameBytes = batchName.length + 2;
  const cursorBytes = 4 + nameBytes + batchBytes + tail.length;
  const total = 4 + CURSOR_HEAD.length + cursorBytes + OK_TAIL.length;
  const out = Buffer.allocUnsafe(offset + total);
  let at = out.writeInt32LE(total, offset);
  at += CURSOR_HEAD.copy(out, at);
  at = out.writeInt32LE(cursorBytes, at);
  out[at] = BsonType.array;
  at += 1 + out.write(`${batchName}\0`, at + 1, 'latin1');
  at = out.writeInt32LE(batchBytes, at);
  for (const [index, raw] of documents.entries()) {
    out[at] = BsonType.object;
    at += 1 + out.write(`${index}\0`, at + 1, 'latin1');
    out.set(raw, at);
    at += raw.length;
  }
  out[at] = 0;
  out.set(tail, at + 1);
  OK_TAIL.copy(out, at + 1 + tail.length);
  return out;
}

function encodeDocumentReply(body: Buffer, offset: number): Buffer {
  const size = body.length - 1 + TAIL.length;
  const out = Buffer.allocUnsafe(offset + size);
  body.copy(out, offset);
  TAIL.copy(out, offset + body.length - 1);
  out.writeInt32LE(size, offset);
  return out;
}

export const encodeReply = (reply: Exclude<Reply, CursorReply>): Buffer =>
  Buffer.isBuffer(reply) ? reply : toDocument(reply).buf;

let lastRequestId = 0;

/** The bytes that answer a command. */
export function encodeMessage({ legacy, requestId }: Frame, reply: Reply): Buffer {
  const headBytes = HEADER_BYTES + (legacy ? 20 : 5);
  const out =
    reply instanceof CursorReply
      ? encodeCursorReply(reply, headBytes)
      : encodeDocumentReply(encodeReply(reply), headBytes);
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  out.fill(0, 0, headBytes);
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(lastRequestId, 4);
  out.writeInt32LE(requestId, 8);
  out.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) out.writeInt32LE(1, HEADER_BYTES + 16);
  return out;
}
