// `node scripts/api-types.mjs [DIR]`: writes the types of openapi.json for the SDK and for the dashboard, below DIR
// or in their places.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const BANNER = '// Generated from openapi.json by `npm run openapi`; do not edit.\n\n';

/** Called by reverse proxies with whatever method a request has, never by the client. */
const FOR_PROXIES = new Set(['/v1/forward-auth']);

const takesKey = ({ security = [] }) => security.some((scheme) => 'bearer' in scheme);

/**
 * The document without what the SDK never calls: what people do with a session is no business of a key.
 *
 * @param {{ paths: Record<string, Record<string, { security?: object[] }>> }} document
 */
function callsOfKeys(document) {
  const paths = Object.entries(document.paths)
    .filter(([path]) => !FOR_PROXIES.has(path))
    .map(([path, operations]) => [
      path,
      Object.fromEntries(Object.entries(operations).filter(([, each]) => takesKey(each))),
    ])
    .filter(([, operations]) => Object.keys(operations).length > 0);
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Which of the generator's types each file needs; its other types say the same in another order. */
const files = {
  'libs/sdk/src/api-types.ts': { select: callsOfKeys, kept: ['components', 'operations'] },
  'apps/dashboard/src/api/api-types.ts': { select: (document) => document, kept: ['components'] },
};

const document = JSON.parse(await readFile('openapi.json', 'utf8'));
const [, , dir = '.'] = process.argv;

for (const [file, { select, kept }] of Object.entries(files)) {
  const nodes = await openapiTS(select(document), { immutable: true });
  const code = astToString(nodes.filter(({ name }) => kept.includes(name?.text)));
  const target = resolve(dir, file);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(
    target,
    await format(BANNER + code, { ...(await resolveConfig(file)), filepath: file }),
  );
}
