import { startTestApp, type TestApp } from './app.js';
import { describeWithOwnEventStore } from '../../../../test/support/describe-with.js';

function aPersonsFirstMinutes(newLog: boolean): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ newLog });
  });
  afterAll(() => app.stop());

  it('a person signs up, issues a key and sees its use', async () => {
    const ada = await app.signUp();
    const { apiKey, apiKeyId } = await app.createKey(ada.cookie);
    const me = await app.http.get('/v1/me').set('authorization', `Bearer ${apiKey}`).expect(200);
    expect(me.body).toMatchObject({ account: { id: ada.accountId }, apiKey: { id: apiKeyId } });
    const usage = await app.http.get('/v1/usage').set('cookie', ada.cookie).expect(200);
    expect(usage.body).toMatchObject({ events: [{ apiKeyId, endpoint: '/v1/me' }] });
    expect(app.logLines.join('')).not.toContain(apiKey);
  });
}

describe('on a log that others have used', () => {
  aPersonsFirstMinutes(false);
});
describeWithOwnEventStore('on a log in which nothing stands yet', () => {
  aPersonsFirstMinutes(true);
});
