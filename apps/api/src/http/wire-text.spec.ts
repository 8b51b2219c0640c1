import { bytesOnWire, spelledPath, textOnWire } from './wire-text.js';

describe('a text on the wire', () => {
  it.each(['/plain', '/straße', 'Кит 🐋', '\ufeff/bom'])('is read as UTF-8: %j', (text) => {
    expect(textOnWire(bytesOnWire(text))).toBe(text);
  });

  it('stays as it came when it is no UTF-8', () => {
    expect(textOnWire('/stra\xdfe')).toBe('/stra\xdfe');
  });
});

describe('a path', () => {
  it.each([
    ['/v1/me', '/v1/me'],
    ['/v1/%61pi-%6Beys', '/v1/api-keys'],
    ['/stra%C3%9fe', '/straße'],
    ['/straße', '/straße'],
    ['/a%2fb%3F%20c', '/a%2Fb%3F%20c'],
    ['/%', '/%'],
    ['/%zz%4', '/%zz%4'],
    ['/stra%dfe', '/stra%DFe'],
    ['/%E2%80%AE', '/%E2%80%AE'],
    ['/\u202e\n x', '/%E2%80%AE%0A%20x'],
    ['/%2561', '/%2561'],
    ['/a\ud83d', '/a\ufffd'],
  ])('%j is spelled %j', (path, spelled) => {
    expect(spelledPath(path)).toBe(spelled);
    expect(spelledPath(spelled)).toBe(spelled);
  });
});
