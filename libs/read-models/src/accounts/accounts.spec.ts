import { accountOpened, documentsAfter, keyCreated, keyRevoked, recorded } from '@keytrail/testing';
import { accounts } from './accounts.projection.js';

const opened = recorded(accountOpened());
const first = recorded(keyCreated());
const second = recorded(keyCreated({ keyId: 'key_2' }));

describe('accounts', () => {
  it('given nothing, when an account is opened, then it has its name', () => {
    expect(documentsAfter(accounts, [opened])).toEqual({ acc_1: { name: 'Example' } });
  });

  it('given an account, when keys are created, then they are counted', () => {
    expect(documentsAfter(accounts, [opened, first, second])).toEqual({
      acc_1: { name: 'Example', activeCount: 2 },
    });
  });

  it('given two keys, when one is revoked, then one is active', () => {
    expect(documentsAfter(accounts, [opened, first, second, recorded(keyRevoked())])).toEqual({
      acc_1: { name: 'Example', activeCount: 1 },
    });
  });
});
