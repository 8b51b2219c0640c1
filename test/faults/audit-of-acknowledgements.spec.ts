import type { LoggedEvent } from '../support/read-log.js';
import { auditAcknowledgements } from './audit-of-acknowledgements.js';

const logged = (type: string, keyId: string, requestId: string): LoggedEvent => ({
  id: crypto.randomUUID(),
  type,
  streamName: '',
  revision: 0n,
  commit: 0n,
  data: { keyId },
  requestId,
});
const told = { uses: ['r1'], created: ['k1'], revoked: ['k1'], unexpected: [] };
const whole = [
  logged('KeyCreated', 'k1', 'r0'),
  logged('KeyUsed', 'k1', 'r1'),
  logged('KeyRevoked', 'k1', 'r2'),
];

describe('the audit of acknowledgements', () => {
  it('finds nothing where everything is in the log once', () => {
    expect(auditAcknowledgements(told, whole)).toEqual({ missing: [], doubled: [] });
  });

  it.each([0, 1, 2])('finds an acknowledged event that is missing (%i)', (index) => {
    const log = whole.filter((_, place) => place !== index);
    expect(auditAcknowledgements(told, log).missing).toHaveLength(1);
  });

  it.each([0, 1, 2])('finds an event that is there twice (%i)', (index) => {
    const log = [...whole, ...whole.slice(index, index + 1)];
    expect(auditAcknowledgements(told, log).doubled).toHaveLength(1);
  });
});
