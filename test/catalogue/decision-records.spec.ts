import { readdir, readFile } from 'node:fs/promises';

const DIR = 'docs/adr';

it('the list of decision records has each of them once, with its title', async () => {
  const files = (await readdir(DIR)).filter((file) => /^\d{4}-/.test(file)).sort();
  const expected = files.map(async (file) => {
    const [heading = ''] = (await readFile(`${DIR}/${file}`, 'utf8')).split('\n', 1);
    return [file, heading.replace(/^# \d{4}: /, '')];
  });
  const list = await readFile(`${DIR}/README.md`, 'utf8');
  const listed = Array.from(list.matchAll(/^\| \[\d{4}\]\((.+?)\) *\| (.+?) *\|/gm), (row) =>
    row.slice(1),
  );
  expect(listed).toEqual(await Promise.all(expected));
});
