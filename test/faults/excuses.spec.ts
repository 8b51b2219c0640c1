import { inexcusable } from './excuses.js';

const refusal = (status: number, code: string) => ({ status, body: { code } });
const active = { apiKeyId: 'key_1', revocationTried: false };
const doubtful = { apiKeyId: 'key_1', revocationTried: true };

describe('under faults', () => {
  it.each(['create', 'use', 'revoke'] as const)('any %s may be unavailable', (operation) => {
    expect(inexcusable(operation, refusal(503, 'event_log_unavailable'), active)).toBeNull();
  });

  it('others may be first', () => {
    expect(inexcusable('revoke', refusal(409, 'conflict'), active)).toBeNull();
  });

  it('a key may be revoked that somebody has tried to revoke', () => {
    expect(inexcusable('use', refusal(401, 'revoked_key'), doubtful)).toBeNull();
  });

  it('no key is revoked that nobody has tried to revoke', () => {
    expect(inexcusable('use', refusal(401, 'revoked_key'), active)).toBe(
      'use of key_1 answered 401 revoked_key',
    );
  });

  it.each([
    ['use', 401, 'unknown_key'],
    ['use', 401, 'missing_credentials'],
    ['use', 404, 'not_found'],
    ['use', 500, 'internal_error'],
    ['create', 401, 'missing_credentials'],
    ['create', 409, 'key_already_created'],
    ['create', 500, 'internal_error'],
    ['revoke', 401, 'missing_credentials'],
    ['revoke', 401, 'revoked_key'],
    ['revoke', 404, 'not_found'],
  ] as const)('a %s that answers %i %s is never excused', (operation, status, code) => {
    for (const key of [active, doubtful, undefined]) {
      expect(inexcusable(operation, refusal(status, code), key)).toContain(`${status} ${code}`);
    }
  });
});
