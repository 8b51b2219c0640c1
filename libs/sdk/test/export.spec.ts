import { breakOff, PlannedServer } from './planned-server.js';
import type { Plan } from './planned-server.js';

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify({ position: index })}\n`).join('');

const whole =
  (contentType: string, text: string): Plan =>
  (_, response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.end(text);
  };

describe('the export of the audit trail', () => {
  let server: PlannedServer;
  afterEach(() => server.stop());

  it('hands out each entry', async () => {
    server = await PlannedServer.start(whole('application/jsonl; charset=utf-8', lines(5_000)));
    const positions: unknown[] = [];
    for await (const { position } of server.client().audit.export({ type: 'KeyUsed' }))
      positions.push(position);
    expect(positions).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
    expect(server.asked[0]?.url).toBe('/v1/audit/export?type=KeyUsed&format=jsonl');
  });

  it('throws when it breaks off, so that a part never passes for the whole', async () => {
    server = await PlannedServer.start(breakOff('application/jsonl', lines(3)));
    const read = async (): Promise<void> => {
      for await (const entry of server.client().audit.export()) expect(entry).toBeDefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'network_error' });
  });

  it('throws when nothing comes for too long', async () => {
    server = await PlannedServer.start((_, response) => {
      response.writeHead(200, { 'content-type': 'application/jsonl' });
      response.write(lines(1));
    });
    const entries = server.client({ timeoutMs: 50 }).audit.export();
    await expect(entries.next()).resolves.toMatchObject({ value: { position: 0 } });
    await expect(entries.next()).rejects.toMatchObject({ code: 'timeout' });
  });

  it('comes as a file, byte for byte', async () => {
    const csv = 'position,actor\n1,Ädä\n'.repeat(2_000);
    server = await PlannedServer.start(whole('text/csv; charset=utf-8', csv));
    const file = await server.client().audit.exportFile({ format: 'csv' });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of file) text += decoder.decode(chunk, { stream: true });
    expect(text).toBe(csv);
  });

  it('lets go of the connection when the file is cancelled or the loop is left', async () => {
    const closed: string[] = [];
    const endless: Plan = ({ url }, response) => {
      response.writeHead(200, {
        'content-type': url.includes('csv') ? 'text/csv' : 'application/jsonl',
      });
      response.write(lines(1));
      response.once('close', () => closed.push(url));
    };
    server = await PlannedServer.start(endless);
    const file = await server.client().audit.exportFile({ format: 'csv' });
    const reader = file.getReader();
    await reader.read();
    const pending = reader.read();
    await reader.cancel();
    await expect(pending).resolves.toMatchObject({ done: true });
    for await (const entry of server.client().audit.export()) {
      expect(entry).toEqual({ position: 0 });
      break;
    }
    while (closed.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toHaveLength(2);
  });
});
