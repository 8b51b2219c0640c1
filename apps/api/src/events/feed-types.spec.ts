import { allFeedTypes, feedTypeOf, logTypesOf } from './feed-types.js';

describe('the types of the feed', () => {
  it('are all different and well-formed', () => {
    expect(new Set(allFeedTypes).size).toBe(allFeedTypes.length);
    for (const type of allFeedTypes) expect(type).toMatch(/^keytrail(\.[a-z-]+){2}\.v1$/);
  });

  it('an event that only a newer version knows has a name all the same', () => {
    expect(feedTypeOf('KeyRenamedByOwner').type).toBe('keytrail.other.key-renamed-by-owner.v1');
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
