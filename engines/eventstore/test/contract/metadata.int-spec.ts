import { randomUUID } from 'node:crypto';
import { RawClient, revisionsIn } from './raw-client.js';
import {
  numberedFrom,
  serverUnderTest,
  uniqueStream,
  type ServerUnderTest,
} from './server-under-test.js';

describe('the metadata of a stream', () => {
  let server: ServerUnderTest;
  let raw: RawClient;

  beforeAll(async () => {
    server = await serverUnderTest();
    raw = new RawClient(server.url);
  });

  afterAll(async () => {
    raw.close();
    await server.stop();
  });

  /** The revisions, of four, that stay readable. */
  const readable = async (json: string, contentType = 'application/json') => {
    const stream = uniqueStream('limits');
    await server.client.appendToStream(stream, numberedFrom(0, 4));
    const event = { id: randomUUID(), type: '$metadata', contentType, data: json };
    await raw.append(`$$${stream}`, [event]);
    return revisionsIn(await raw.read({ stream, count: 9 }));
  };

  it.each([
    ['{"$maxCount":1}', ['3']],
    ['{"$maxCount":1,"$tb":-1}', ['3']],
    ['{"$maxCount":0,"$tb":2}', ['2', '3']],
    ['{"$maxCount":1,"$maxAge":-5}', ['3']],
    ['{"$maxCount":1,"other":{"$maxCount":"y"}}', ['3']],
    ['{"$maxCount":1,"$maxCount":2}', ['2', '3']],
  ])('%s limits it', async (json, expected) => {
    expect(await readable(json)).toEqual(expected);
  });

  it.each([
    '{"$maxCount":1,"$tb":"x"}',
    '{"$maxCount":1,"$tb":9223372036854775808}',
    '{"$maxCount":1,"$maxAge":9223372036854775807}',
    '{"$maxCount":1,"$cacheControl":"x"}',
    '{"$maxCount":1,"$acl":[]}',
    '{"$maxCount":1,"$acl":{"$r":1}}',
    '{"$maxCount":1,"$acl":{"$x":"y"}}',
    '{"$maxCount":1.0}',
    '{"$maxCount":1e0}',
    '{"$maxCount":true}',
    '{"$maxCount":null,"$tb":2}',
    '{"$maxCount":1',
    '[]',
  ])('%s limits nothing', async (json) => {
    expect(await readable(json)).toEqual(['0', '1', '2', '3']);
  });

  it.each(['application/octet-stream', 'text/plain'])('as %s limits nothing', async (type) => {
    expect(await readable('{"$maxCount":1}', type)).toHaveLength(4);
  });
});
