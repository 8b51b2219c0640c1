import { limits } from './limits.js';
import { showPage } from './shown-page.js';

const items = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(index), text: 'x'.repeat(length) }));
const show = (count: number, length: number, next: string | null) =>
  showPage(
    { items: items(count, length), next },
    (item) => item,
    ({ id }) => id,
  );

describe('a page', () => {
  it('has all its items when they are small', () => {
    const { shown, next } = show(100, 200, '99');
    expect(shown).toHaveLength(100);
    expect(next).toBe('99');
    expect(show(3, 200, null).next).toBeNull();
  });

  it('ends where it is large enough, and the next begins there', () => {
    const size = limits.pageSize / 4;
    const { shown, next } = show(100, size, '99');
    expect(shown.map(({ id }) => id)).toEqual(['0', '1', '2', '3']);
    expect(next).toBe('3');
    expect(show(4, size, null).next).toBeNull();
  });

  it('has one item at least', () => {
    expect(show(2, 2 * limits.pageSize, null)).toMatchObject({ shown: [{ id: '0' }], next: '0' });
  });
});
