import { refusal, serverUnderTest, type Doc, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;

beforeAll(async () => {
  server = await serverUnderTest();
});

afterAll(async () => {
  await server.stop();
});

const DOCUMENT = {
  list: [1, [2, 3], 4],
  nested: [[1], [1], [2]],
  empty: '',
  text: 'aXbX',
  half: 2.5,
  negative: -2.51,
  many: 1250,
  object: { a: 1 },
  at: new Date('2026-03-28T12:34:56.789Z'),
  none: null,
};

async function evaluate(expression: unknown): Promise<unknown> {
  const collection = server.collection();
  await collection.insertOne({ ...DOCUMENT });
  const [found] = await collection.aggregate<Doc>([{ $project: { r: expression } }]).toArray();
  return found?.r;
}

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const inBerlin = { timezone: 'Europe/Berlin' };

describe('an expression', () => {
  it.each<[string, unknown, unknown]>([
    ['$size of one argument in an array', { $size: ['$list'] }, 3],
    ['$first', { $first: ['$list'] }, 1],
    ['$last of arrays in an array', { $last: '$nested' }, [2]],
    ['$last of nothing', { $last: '$missing' }, null],
    ['$reverseArray', { $reverseArray: ['$list'] }, [4, [2, 3], 1]],
    ['$isArray of an array as written', { $isArray: [[1, 2]] }, true],
    ['$abs', { $abs: ['$negative'] }, 2.51],
    ['$year', { $year: ['$at'] }, 2026],
    ['$year of null', { $year: '$none' }, null],
    ['$objectToArray', { $objectToArray: ['$object'] }, [{ k: 'a', v: 1 }]],
    ['$arrayToObject', { $arrayToObject: { $literal: [['k', [1, [2]]]] } }, { k: [1, [2]] }],
    ['$concatArrays of one', { $concatArrays: '$list' }, [1, [2, 3], 4]],
    ['$indexOfArray from where there is none', { $indexOfArray: ['$list', 1, 1] }, -1],
    ['$setIsSubset', { $setIsSubset: [[[1]], '$nested'] }, true],
    ['$setUnion of arrays of arrays', { $setUnion: ['$nested', [[1]]] }, [[1], [2]]],
    ['$sum of one array', { $sum: ['$list'] }, 5],
    ['$max of one array', { $max: ['$nested'] }, [2]],
    ['$slice of null', { $slice: ['$none', 1] }, null],
    ['$zip with nothing', { $zip: { inputs: [[], [1]] } }, []],
    ['$round of a tie, to even', { $round: '$half' }, 2],
    ['$round up', { $round: [2.51, 0] }, 3],
    ['$round of a negative number', { $round: ['$negative', 0] }, -3],
    ['$round to places', { $round: [1.2551, 2] }, 1.26],
    ['$round of a tie to places', { $round: [1.125, 2] }, 1.12],
    ['$round to tens', { $round: [1270, -2] }, 1300],
    ['$round of a tie to hundreds', { $round: ['$many', -2] }, 1200],
    ['$trunc to places', { $trunc: [-1.259, 2] }, -1.25],
    ['$trunc to hundreds', { $trunc: [1299, -2] }, 1200],
    ['$not of an empty string', { $not: ['$empty'] }, false],
    ['$not of zero', { $not: [0] }, true],
    ['$cond by parts', { $cond: { if: '$none', then: 1, else: 2 } }, 2],
    ['$toLower of null', { $toLower: '$none' }, ''],
    ['$toUpper of nothing', { $toUpper: ['$missing'] }, ''],
    ['$toUpper of a number', { $toUpper: '$half' }, '2.5'],
    ['$mergeObjects of one array', { $mergeObjects: [[{ a: 1 }, null, { b: 2 }]] }, { a: 1, b: 2 }],
    ['$toBool of an empty string', { $toBool: ['$empty'] }, true],
    ['$toInt', { $toInt: '-12' }, -12],
    ['$toDate', { $toDate: '2026-01-02T03:04:05Z' }, new Date('2026-01-02T03:04:05Z')],
    [
      '$regexFindAll',
      { $regexFindAll: { input: '$text', regex: 'X(c)?' } },
      [
        { match: 'X', idx: 1, captures: [null] },
        { match: 'X', idx: 3, captures: [null] },
      ],
    ],
    [
      '$regexFindAll of a pattern that matches nothing at all',
      { $map: { input: { $regexFindAll: { input: '$text', regex: 'y*' } }, in: '$$this.idx' } },
      [0, 1, 2, 3],
    ],
    ['$indexOfBytes', { $indexOfBytes: ['éa', 'a'] }, 2],
  ])('%s', async (_, expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it.each<[string, unknown, number]>([
    ['$size of nothing', { $size: '$missing' }, 17124],
    ['$mod by zero', { $mod: ['$half', 0] }, 16610],
    ['$switch without a match', { $switch: { branches: [{ case: '$none', then: 1 }] } }, 40066],
    ['$mergeObjects of a string', { $mergeObjects: ['$text', {}] }, 40400],
    ['$cond without else', { $cond: { if: true, then: 1 } }, 17082],
    ['$abs of a string', { $abs: '$text' }, 28765],
    ['two arguments for one', { $size: ['$list', '$list'] }, 16020],
    ['$toInt of a text without a number', { $toInt: '$empty' }, 241],
    ['$dateFromString of what is no date', { $dateFromString: { dateString: 'none' } }, 241],
  ])('%s is refused', async (_, expression, code) => {
    expect((await refusal(evaluate(expression))).code).toBe(code);
  });
});

describe('a date', () => {
  it.each<[string, unknown, unknown]>([
    [
      'a month later is in that month',
      { $dateAdd: { startDate: day('2026-01-31'), unit: 'month', amount: 1 } },
      day('2026-02-28'),
    ],
    [
      'a year before a leap day',
      { $dateSubtract: { startDate: day('2024-02-29'), unit: 'year', amount: 1 } },
      day('2023-02-28'),
    ],
    [
      'a day later keeps its local time',
      { $dateAdd: { startDate: '$at', unit: 'day', amount: 1, ...inBerlin } },
      new Date('2026-03-29T11:34:56.789Z'),
    ],
    [
      '24 hours later',
      { $dateAdd: { startDate: '$at', unit: 'hour', amount: 24, ...inBerlin } },
      new Date('2026-03-29T12:34:56.789Z'),
    ],
    ['added to nothing', { $dateAdd: { startDate: '$none', unit: 'day', amount: 1 } }, null],
    [
      'cut to its local day',
      { $dateTrunc: { date: new Date('2026-07-01T23:00:00Z'), unit: 'day', ...inBerlin } },
      new Date('2026-07-01T22:00:00Z'),
    ],
    [
      'cut to its week',
      { $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } },
      day('2026-03-23'),
    ],
    [
      'cut to two weeks',
      { $dateTrunc: { date: day('2026-04-01'), unit: 'week', binSize: 2 } },
      day('2026-03-22'),
    ],
    ['cut to its quarter', { $dateTrunc: { date: '$at', unit: 'quarter' } }, day('2026-01-01')],
    [
      'cut to half hours',
      { $dateTrunc: { date: '$at', unit: 'minute', binSize: 30 } },
      new Date('2026-03-28T12:30:00Z'),
    ],
    [
      'days between, by local midnights',
      {
        $dateDiff: {
          startDate: new Date('2026-07-01T21:30:00Z'),
          endDate: new Date('2026-07-01T22:30:00Z'),
          unit: 'day',
          ...inBerlin,
        },
      },
      1,
    ],
    [
      'seconds between, by their boundaries',
      {
        $dateDiff: {
          startDate: new Date('2026-01-01T00:00:00.900Z'),
          endDate: new Date('2026-01-01T00:00:01.100Z'),
          unit: 'second',
        },
      },
      1,
    ],
    [
      'weeks between',
      { $dateDiff: { startDate: day('2026-03-28'), endDate: day('2026-03-29'), unit: 'week' } },
      1,
    ],
    [
      'of its parts in a timezone',
      { $dateFromParts: { year: 2026, month: 13, hour: 1, ...inBerlin } },
      day('2027-01-01'),
    ],
    [
      'in its parts',
      { $dateToParts: { date: '$at', iso8601: true } },
      {
        isoWeekYear: 2026,
        isoWeek: 13,
        isoDayOfWeek: 6,
        hour: 12,
        minute: 34,
        second: 56,
        millisecond: 789,
      },
    ],
    [
      'in a text',
      { $dateToString: { date: '$at', format: '%Y/%j %H:%M %z %u %w %G-%V %%', ...inBerlin } },
      '2026/087 13:34 +0100 6 7 2026-13 %',
    ],
    ['in a text by default', { $dateToString: { date: '$at' } }, '2026-03-28T12:34:56.789Z'],
    [
      'from a text in a timezone',
      { $dateFromString: { dateString: '2026-07-01T12:00:00', ...inBerlin } },
      new Date('2026-07-01T10:00:00Z'),
    ],
    [
      'from a text with a format',
      { $dateFromString: { dateString: '01.07.2026', format: '%d.%m.%Y' } },
      day('2026-07-01'),
    ],
    [
      'from a text that is none',
      { $dateFromString: { dateString: 'none', onError: 'instead' } },
      'instead',
    ],
    ['its hour elsewhere', { $hour: { date: '$at', timezone: '-05:30' } }, 7],
  ])('%s', async (_, expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
