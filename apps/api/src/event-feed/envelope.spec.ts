import { recorded } from '@keytrail/testing';
import { fromLog } from './envelope.js';

describe('the envelope of an event', () => {
  it('an event that only a newer version knows is handed out, without a gap', () => {
    const event = recorded({ type: 'KeyRenamed', data: { accountId: 'acc_1', keyId: 'key_1' } });
    expect(fromLog(event, 'acc_1').subject).toBe('acc_1');
  });
});
