import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { assertPortUsable, ConfigurationError, describeStartFailure } from './index.js';

describe('a start that fails', () => {
  it('lists each configuration fault on a line of its own', () => {
    expect(describeStartFailure(new ConfigurationError(['PORT is bad', 'HOST is bad']))).toEqual([
      'PORT is bad',
      'HOST is bad',
    ]);
  });

  it('names a taken port, also before the part that needs it is started', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const taken = `port ${port} on 127.0.0.1 is already in use`;

    await expect(assertPortUsable(port, '127.0.0.1')).rejects.toMatchObject({ message: taken });
    const second = createServer().listen(port, '127.0.0.1');
    const [error] = (await once(second, 'error')) as [Error];
    expect(describeStartFailure(error)).toEqual([taken]);

    holder.close();
    await once(holder, 'close');
    await expect(assertPortUsable(port, '127.0.0.1')).resolves.toBeUndefined();
  });

  it('shows one line of any other error and never its stack', () => {
    expect(describeStartFailure(new Error('broken\n    at somewhere'))).toEqual(['broken']);
  });
});

it('the fault that a client finds in a connection string does not quote its password', () => {
  const error = new Error('Invalid connection string "mongodb://keytrail:s3cr@et@127.0.0.1/?a=b"');
  expect(describeStartFailure(error).join()).not.toMatch(/s3cr|et@/);
});
