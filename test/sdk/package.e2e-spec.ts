import { InstalledPackage } from '../support/installed-package.js';

const CONSUMER = `
import { isKeytrailError, Keytrail, KeytrailError } from '@keytrail/sdk';
import type { ApiKey, AuditEntry, FeedEvent, KeytrailErrorCode, Verification } from '@keytrail/sdk';

const keytrail = new Keytrail({ apiKey: \`axk_\${'0'.repeat(42)}\`, baseUrl: 'http://127.0.0.1:9' });
export async function read(signal: AbortSignal): Promise<ApiKey[]> {
  const { keys, nextCursor } = await keytrail.keys.list({ status: 'Active', cursor: undefined }, { signal });
  const next: string | null = nextCursor;
  // @ts-expect-error there is no such status
  await keytrail.keys.list({ status: 'Lost' });
  // @ts-expect-error nothing can be created with a key
  keytrail.keys.create;
  const name: string = (await keytrail.me()).apiKey.name;
  const verification: Verification = await keytrail.verify({ apiKey: name, request: { method: 'GET', path: '/' } });
  for await (const entry of keytrail.audit.export({ from: new Date(0) })) { const { type }: AuditEntry = entry; void type; }
  for await (const event of keytrail.events({ from: next ?? 'start', signal })) { const { data, position }: FeedEvent = event; void [data, position]; }
  void verification;
  return [...keys];
}
export const describe = (error: unknown): KeytrailErrorCode | null =>
  isKeytrailError(error) || error instanceof KeytrailError ? error.code : null;
`;

const PROGRAM = `
import { Keytrail, KeytrailError } from '@keytrail/sdk';
const keytrail = new Keytrail({ apiKey: \`axk_\${'0'.repeat(42)}\`, baseUrl: 'http://127.0.0.1:9' });
await keytrail.me({ maxRetries: 0 }).catch((error) => {
  console.log(error.code, error instanceof KeytrailError, keytrail);
});
`;

describe('the packed SDK', () => {
  let installed: InstalledPackage;

  beforeAll(async () => {
    installed = await InstalledPackage.create('sdk');
    await installed.write('consumer.ts', CONSUMER);
  }, 60_000);
  afterAll(() => installed.remove());

  it('contains its code, its declarations and its README, and no test', () => {
    expect(installed.strayFiles()).toEqual({ missing: [], foreign: [] });
  });

  it.each([
    [
      'nodenext, with the types of Node',
      ['--module', 'nodenext', '--lib', 'es2022', '--types', 'node'],
    ],
    [
      'a bundler, with those of browsers',
      ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom'],
    ],
    [
      'a bundler, with both',
      [
        '--module',
        'preserve',
        '--moduleResolution',
        'bundler',
        '--lib',
        'es2022,dom',
        '--types',
        'node',
      ],
    ],
  ])(
    'type-checks in a project resolved by %s',
    async (_, options) => {
      expect(await installed.typeErrors(['consumer.ts'], options)).toBe('');
    },
    60_000,
  );

  it('runs in plain Node', async () => {
    await installed.write('main.mjs', PROGRAM);
    expect(await installed.start('main.mjs', {}).line(/network_error/)).toBe(
      "network_error true Keytrail { baseUrl: 'http://127.0.0.1:9', apiKey: [redacted] }",
    );
  });
});
