const LINE_END = /\r\n|\n|\r/;

/**
 * The lines of a UTF-8 text that arrives in chunks, cut anywhere. What stands after the last line end is
 * handed out when the text ends with it.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    // A return at the very end may be the first half of a line end.
    const whole = rest.endsWith('\r') ? rest.length - 1 : rest.length;
    const lines = rest.slice(0, whole).split(LINE_END);
    rest = (lines.pop() ?? '') + rest.slice(whole);
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest.replace(/\r$/, '');
}
