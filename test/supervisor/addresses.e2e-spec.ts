import { jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/describe-with.js';
import { isAlive, killAll, Program } from './program.js';

jest.setTimeout(60_000);

/** A network of its own whose loopback interface is set up by commands; root of it, whoever runs the tests. */
const inNetwork = (commands: string): readonly string[] => [
  ...['unshare', '--map-root-user', '--net', 'sh', '-c', `${commands}; exec "$0" "$@"`],
];

describeWith('unshare', 'on the addresses of a machine', () => {
  describeWith('ip', 'the product', () => {
    let dir: string;
    const start = (commands: string): Program =>
      new Program('supervisor', { DATA_DIR: join(dir, 'data'), PORT: '0' }, inNetwork(commands));

    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'keytrail-addresses-'));
    });

    afterEach(async () => {
      await killAll();
      await rm(dir, { recursive: true, force: true });
    });

    it('starts, answers and stops without 127.0.0.1', async () => {
      const program = start('ip link set lo up && ip addr del 127.0.0.1/8 dev lo');
      // It says so when its api has answered.
      expect(await program.ready()).toMatch(/^http:\/\/\[::1\]:\d+$/);
      expect(await program.stop()).toBe(0);
      expect(program.partPids.filter(isAlive)).toEqual([]);
    });

    it('ends with one sentence without any address', async () => {
      const program = start('true');
      expect(await program.ended).toBe(1);
      expect(program.lines).toEqual([
        'Keytrail cannot start: this machine has neither 127.0.0.1 nor ::1; bring its loopback interface up, such as with ip link set lo up.',
      ]);
    });
  });
});
