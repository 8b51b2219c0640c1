import { recorded } from '../../../../test/support/events.js';
import { fromLog } from '../event-feed/envelope.js';
import { parseFrom, showPosition } from './feed-position.js';
import { allFeedTypes, feedTypeOf, logTypesOf } from './feed-types.js';

describe('the types of the feed', () => {
  it('are all different and well-formed', () => {
    expect(new Set(allFeedTypes).size).toBe(allFeedTypes.length);
    for (const type of allFeedTypes) expect(type).toMatch(/^keytrail(\.[a-z-]+){2}\.v1$/);
  });

  it('an event that only a newer version knows is handed out all the same, without gap', () => {
    expect(feedTypeOf('KeyRenamedByOwner').type).toBe('keytrail.other.key-renamed-by-owner.v1');
    const event = recorded({ type: 'KeyRenamed', data: { accountId: 'acc_1', keyId: 'key_1' } });
    expect(fromLog(event, 'acc_1').subject).toBe('acc_1');
  });

  it.each([
    ['everything', undefined, undefined],
    ['everything', '', undefined],
    ['everything', '*', undefined],
    ['everything', 'keytrail.*', undefined],
    ['one type', 'keytrail.key.revoked.v1', ['KeyRevoked']],
    ['a family', 'keytrail.invitation.*', ['MemberInvited', 'InvitationWithdrawn']],
    ['several', ' keytrail.key.c*, keytrail.audit.exported.v1,', ['KeyCreated', 'AuditExported']],
  ])('a filter for %s: %s', (_, filter, expected) => {
    expect(logTypesOf(filter)).toEqual(expected && new Set(expected));
  });

  it.each(['key.revoked', 'keytrail.key.revoked', 'keytrail.key.revoked.v2', '*.v1', 'nothing*'])(
    'a filter for a type that there is none of is refused: %s',
    (filter) => {
      expect(() => logTypesOf(filter)).toThrow(expect.objectContaining({ status: 400 }) as Error);
    },
  );
});

describe('positions', () => {
  it.each(['0', '7', '184467', '18446744073709551615', '7-3'])(
    '%s is read back as shown',
    (text) => {
      expect(showPosition(parseFrom(text, 'from'))).toBe(text);
    },
  );

  it('sort as text as the log does', () => {
    const inOrder = ['start', '9', '10', '10-12', '11', '100'].map((text) =>
      parseFrom(text, 'from'),
    );
    expect([...inOrder].sort()).toEqual(inOrder);
  });
});
