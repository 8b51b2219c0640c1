import { freePort, freePortOf } from './free-port.js';
import { assertPortUsable } from './start.js';

describe('a free port', () => {
  it('is one on which nobody listens', async () => {
    await assertPortUsable(await freePort(), '127.0.0.1');
  });

  it('is refused with a sentence where the address does not exist', async () => {
    // An address for documentation, which no machine has.
    await expect(freePortOf('192.0.2.1')).rejects.toMatchObject({
      code: 'cannot_start',
      message: expect.stringMatching(/^no port of 192\.0\.2\.1 can be listened on/) as string,
    });
  });
});
