import { isWeakName } from './weak-name.js';

describe('the hint for names that say nothing', () => {
  it.each(['Key 1', 'Test', 'test', 'my key', 'API key', 'New key #2', 'token', 'foo', '123'])(
    'is given for "%s"',
    (name) => {
      expect(isWeakName(name)).toBe(true);
    },
  );

  it.each([
    'Production Key',
    'Development',
    'CI/CD Pipeline',
    'Mobile App',
    'Test runner of the billing service',
    'Keycloak',
    '',
    '  ',
  ])('is not given for "%s"', (name) => {
    expect(isWeakName(name)).toBe(false);
  });
});
