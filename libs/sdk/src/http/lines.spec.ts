import { readLines } from './lines.js';

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  for await (const line of readLines(source())) lines.push(line);
  return lines;
}

describe('lines', () => {
  const text = 'a\nÄ€😀\r\n\r\nb\rc\n\nlast';
  const lines = ['a', 'Ä€😀', '', 'b', 'c', '', 'last'];

  it('are the same wherever the chunks are cut', async () => {
    const bytes = new TextEncoder().encode(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(await linesOf([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(lines);
    }
    expect(await linesOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(lines);
  });

  it('has none after a last line end', async () => {
    expect(await linesOf([new TextEncoder().encode('a\r\n')])).toEqual(['a']);
    expect(await linesOf([])).toEqual([]);
  });
});
