import { ProjectorWatch } from './projector-watch.js';

type View = Parameters<ProjectorWatch['stoodStillMs']>[0];

describe('the watch over the projector', () => {
  let nowMs = 0;
  let watch: ProjectorWatch;
  beforeEach(() => {
    nowMs = 1_000_000;
    watch = new ProjectorWatch(() => nowMs);
  });

  /** Read models at these positions, by the ids of their generations. */
  const viewOf = (positions: Readonly<Record<string, string>>): View => ({
    entries: new Map(
      Object.entries(positions).map(([_id, position]) => [
        _id,
        {
          ...{ _id, position, model: _id.replace(/:.*/, ''), version: 1, generation: 1 },
          ...{ collection: _id, updatedAt: new Date(0) },
        },
      ]),
    ),
  });

  const look = (afterMs: number, positions: Readonly<Record<string, string>>, head: string) => {
    nowMs += afterMs;
    return watch.stoodStillMs(viewOf(positions), head);
  };

  it('sees nothing while all that was written is in the lists, however long ago', () => {
    expect(look(0, { keys: '5' }, '5')).toBe(0);
    expect(look(3_600_000, { keys: '5' }, '5')).toBe(0);
  });

  it('counts from when something was first to be done', () => {
    look(0, { keys: '5' }, '5');
    expect(look(3_600_000, { keys: '5' }, '6')).toBe(0);
    expect(look(20_000, { keys: '5' }, '7')).toBe(20_000);
    expect(look(20_000, { keys: '5' }, '8')).toBe(40_000);
  });

  it('counts anew with every step, of a generation that is being built as well', () => {
    look(0, { keys: '5', 'keys:next': '1' }, '9');
    expect(look(20_000, { keys: '5', 'keys:next': '2' }, '9')).toBe(0);
    expect(look(20_000, { keys: '6', 'keys:next': '2' }, '9')).toBe(0);
    expect(look(20_000, { keys: '6', 'keys:next': '2' }, '9')).toBe(20_000);
  });

  it('sees one list that stands still beside others that are up to date', () => {
    look(0, { keys: '5', audit: '9' }, '9');
    expect(look(31_000, { keys: '5', audit: '9' }, '9')).toBe(31_000);
  });
});
