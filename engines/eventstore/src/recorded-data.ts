import { WireReader } from './wire-reader.js';

/** The `data` of the event inside a `ReadResp` message (see record.ts for the nesting). */
export function recordedData(message: Buffer): Buffer {
  const recordedEvent = field(field(message, 1), 1);
  return field(recordedEvent, 8);
}

/** The first length-delimited field with this number, empty when there is none. */
export function field(message: Buffer, number: number): Buffer {
  const reader = new WireReader(message);
  for (let found = reader.nextField(); found !== 0; found = reader.nextField()) {
    if (found === number) return reader.lengthDelimited();
    reader.skip();
  }
  return Buffer.alloc(0);
}
