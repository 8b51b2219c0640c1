import { jsonEvent } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { RawClient } from './raw-client.js';
import { serverUnderTest, uniqueStream, type ServerUnderTest } from './server-under-test.js';

describe('the regular expression of a filter', () => {
  const own = uniqueStream('expressions').replaceAll('-', '');
  const endings = ['größe', '٣', 'a\u2028b', 'a\rb', 'a\n', '😀', 'a{2', 'a.b', ']', '\u0085', 'A'];
  let server: ServerUnderTest;
  let raw: RawClient;
  let from: bigint;

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
    for (const [index, ending] of endings.entries()) {
      const event = jsonEvent({ type: 'Named', data: {} });
      const { position } = await server.client.appendToStream(own + ending, event);
      if (index === 0) from = position?.commit ?? 0n;
    }
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  const read = (regex: string) => raw.read({ from, count: 100, filter: { regex } });
  const matched = async (ending: string) => {
    const { responses } = await read(`^${own}${ending}`);
    return responses.map((response) => {
      const name = response.getEvent()?.getEvent()?.getStreamIdentifier()?.getStreamName_asU8();
      return Buffer.from(name ?? [])
        .toString()
        .slice(own.length);
    });
  };

  it.each<[string, string, string[]]>([
    ['words are of letters everywhere', '\\w{2,}$', ['größe']],
    ['digits are digits everywhere', '\\d$', ['٣']],
    ['space is what is space everywhere', '\\s$', ['\u0085']],
    ['a class holds such classes', '[\\d\\s]\\z', ['٣', '\u0085']],
    ['a class can be all but such classes', '[^\\w\\s]\\z', [']']],
    ['a class holds a bracket first', '[]]\\z', [']']],
    ['word boundaries are beside letters everywhere', 'gr\\Böße\\b', ['größe']],
    ['a point is one UTF-16 unit', '..$', ['😀']],
    ['a point is any but a line feed', 'a.b$', ['a\u2028b', 'a\rb', 'a.b']],
    ['the end is before a last line feed too', 'a$', ['a\n']],
    ['the very end is not', 'a\\z', []],
    ['\\Z is as the end', 'a\\Z', ['a\n']],
    ['categories', '\\p{Lu}$', ['A']],
    ['what begins no count is text', 'a{2', ['a{2']],
    ['escapes that need not be', '\\]$', [']']],
    ['characters by number', '\\x41$', ['A']],
    ['look-around', '(?=a)a(?!\\{|\\n).(?<=\\.)b', ['a.b']],
  ])('%s', async (_case, ending, expected) => {
    expect(await matched(ending)).toEqual(expected);
  });

  it.each(['(', '[', 'a**', '\\y', '(?<n', '\\p{Nothing}'])('%s is refused', async (regex) => {
    expect(await read(regex)).toMatchObject({
      code: status.UNKNOWN,
      details: 'Exception was thrown by handler.',
    });
  });
});
