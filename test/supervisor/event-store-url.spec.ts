import { EventStoreDBClient } from '@eventstore/db-client';
import { jest } from '@jest/globals';
import { eventStoreUrlFault } from '@keytrail/platform';

const good = [
  'esdb://127.0.0.1:2113?tls=false',
  'esdb://localhost:2113?tls=false&keepAliveInterval=600000',
  'esdb://keytrail:p%40ss%3Aw%2Frd@eventstore:2113',
  'esdb://keytrail:secret@node1.example.com:2113,node2.example.com,node3.example.com:2113?nodePreference=leader',
  'esdb+discover://keytrail:secret@cluster.example.com:2113/?connectionName=keytrail',
];

describe('EVENTSTOREDB_URL', () => {
  it.each(good)('may be %s, which the client takes without a word', (url) => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    expect(eventStoreUrlFault(url)).toBeUndefined();
    EventStoreDBClient.connectionString(url);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it.each([
    'esdb://[::1]:2113?tls=false',
    'esdb://keytrail:secret@[fd00::1]?tlsCAFile=ca.crt&keepAliveInterval=600000',
  ])('may be %s, which the client would not read', (url) => {
    expect(eventStoreUrlFault(url)).toBeUndefined();
    expect(() => EventStoreDBClient.connectionString(url)).toThrow();
  });

  it.each([
    'kurrentdb://keytrail:hunter2@localhost:2113',
    'http://localhost:2113',
    'esdb://',
    'esdb://keytrail:hunter2@',
    'esdb://keytrail:hunt@er2@localhost:2113',
    'esdb://keytrail:hunt:er2@localhost:2113',
    'esdb://keytrail:hunter2@[::1]:2113?nodePreference=leader',
    'esdb://keytrail:hunter2@[::1]:2113,localhost:2113',
    'esdb+discover://keytrail:hunter2@[::1]:2113?nodePreference=leader',
    'esdb://keytrail:hunter2@localhost:2113?tls',
    'esdb://keytrail:hunter2@localhost:2113?tlsVerifyCert=false',
    'esdb://keytrail:hunter2@localhost:2113?tlsCaFiel=ca.crt',
  ])('is refused without a word of its password: %s', (url) => {
    const fault = eventStoreUrlFault(url);
    expect(fault).toBeDefined();
    expect(fault).not.toMatch(/hunt|er2/);
  });
});
