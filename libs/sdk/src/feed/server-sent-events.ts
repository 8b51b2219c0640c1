export interface ServerSentEvent {
  /** `message` unless the server names it. */
  readonly type: string;
  readonly data: string;
  /** The last id that was sent, with this event or before it. */
  readonly lastEventId: string;
  /** How long the server wants to be left alone after a cut. */
  readonly retryMs: number | undefined;
}

/**
 * Reads `text/event-stream` as the HTML standard, section 9.2.6, tells to: an event counts once the empty
 * line after it has come, so one that was cut off is dropped.
 */
export async function* readServerSentEvents(
  lines: AsyncIterable<string>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let lastEventId = '';
  let retryMs: number | undefined;
  let type = '';
  let data: string[] = [];
  for await (const line of lines) {
    if (line === '') {
      if (data.length > 0)
        yield { type: type || 'message', data: data.join('\n'), lastEventId, retryMs };
      type = '';
      data = [];
      continue;
    }
    const [name, value] = splitField(line);
    if (name === 'data') data.push(value);
    else if (name === 'event') type = value;
    else if (name === 'id' && !value.includes('\0')) lastEventId = value;
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) retryMs = Number(value);
  }
}

/** A comment has no name. */
function splitField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
