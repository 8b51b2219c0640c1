import { reasonsIn } from './readiness.js';

describe('what is waited for', () => {
  it('is what the api says', () => {
    const reasons = ['The event log refuses the password in EVENTSTOREDB_URL.', 'Another.'];
    expect(reasonsIn({ status: 'unavailable', eventLog: 'down', reasons })).toEqual(reasons);
  });

  it('is what its checks mean when it gives no reasons', () => {
    const body = { status: 'unavailable', eventLog: 'down', readModels: 'up', projector: 'down' };
    for (const answer of [body, { ...body, reasons: [] }, { ...body, reasons: [17] }]) {
      expect(reasonsIn(answer)).toEqual([
        'The event log does not answer; look at EVENTSTOREDB_URL and at the server.',
        'The lists have not caught up with the event log.',
      ]);
    }
  });

  it.each([null, 'text', [], {}, { status: 'unavailable' }])('is never nothing: %j', (body) => {
    expect(reasonsIn(body)).toEqual(['The api is not ready and does not say why.']);
  });
});
