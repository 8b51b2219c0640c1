const HIGH_WORD = 2 ** 32;

/** Eight bytes, big-endian, so that keys sort as the numbers do. */
export function positionKey(position: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  writeUint64(key, position, 0);
  return key;
}

export function readPosition(bytes: Buffer): number {
  return bytes.readUInt32BE(0) * HIGH_WORD + bytes.readUInt32BE(4);
}

/** The stream's number, then the revision. */
export function revisionKey(streamId: number, revision: number): Buffer {
  const key = Buffer.allocUnsafe(12);
  key.writeUInt32BE(streamId, 0);
  writeUint64(key, revision, 4);
  return key;
}

function writeUint64(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / HIGH_WORD), offset);
  target.writeUInt32BE(value % HIGH_WORD, offset + 4);
}
