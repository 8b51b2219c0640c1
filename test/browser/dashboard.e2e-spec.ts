import { jest } from '@jest/globals';
import { addresses } from './cases/addresses.js';
import { claims } from './cases/claims.js';
import { keysOnPlainHttp, lifeOfAKey } from './cases/life-of-a-key.js';
import { live } from './cases/live.js';
import { members } from './cases/members.js';
import { pastedKeys } from './cases/pasted-keys.js';
import { accessibility, keyboard, phone } from './cases/people.js';
import { safety } from './cases/safety.js';
import { sessions } from './cases/sessions.js';
import { streams } from './cases/streams.js';
import { Stage } from './stage/stage.js';

const START_TIMEOUT_MS = 90_000;
const CASE_TIMEOUT_MS = 60_000;

jest.setTimeout(CASE_TIMEOUT_MS);

const cases = {
  'the life of a key': lifeOfAKey,
  'plain http': keysOnPlainHttp,
  'members and reviewers': members,
  'live updates': live,
  'addresses and filters': addresses,
  'pasted keys': pastedKeys,
  'sessions and their end': sessions,
  'streams of events': streams,
  'what it claims': claims,
  accessibility,
  'the keyboard': keyboard,
  'a phone': phone,
  safety,
};

describe('the dashboard in a browser', () => {
  const stage = new Stage();
  beforeAll(() => stage.open(), START_TIMEOUT_MS);
  afterEach(() => stage.leave());
  afterAll(() => stage.close(), START_TIMEOUT_MS);

  for (const [name, register] of Object.entries(cases)) {
    describe(`${name}:`, () => {
      register(stage);
    });
  }
});
