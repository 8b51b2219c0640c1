import { disarmed } from './export-formats.js';

describe('a cell of a CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "  '=1"],
    ['x;=1+1;y', "x;'=1+1;y"],
    ['x\t=1', "x\t'=1"],
    ['x\r\n=1', "x\r\n'=1"],
    ['x; -1|@y', "x; '-1|'@y"],
    ['\uFF1D1', "'\uFF1D1"],
    ['curl/8.5 (a=b; c-d)', 'curl/8.5 (a=b; c-d)'],
    ['{"path":"/x"}', '{"path":"/x"}'],
  ])('%j is written %j', (text, written) => {
    expect(disarmed(text)).toBe(written);
  });
});
