const POLYNOMIAL = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  }
  return value;
});

/** CRC-32/ISO-HDLC of an ASCII text, as an unsigned 32-bit number (Node 20 has no `zlib.crc32` yet). */
export function crc32(ascii: string): number {
  let remainder = 0xffffffff;
  for (let index = 0; index < ascii.length; index += 1) {
    const slot = (remainder ^ ascii.charCodeAt(index)) & 0xff;
    remainder = (remainder >>> 8) ^ (table[slot] ?? 0);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}
