// `node generate-types.mjs <openapi.json> <api-types.ts>`: writes the types of the API's document.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const BANNER = '// Generated from openapi.json by `npm run openapi`; do not edit.\n\n';

/** Called by reverse proxies with whatever method a request has, never by the client. */
const FOR_PROXIES = new Set(['/v1/forward-auth']);

/** The generator's other types say the same in another order. */
const USED = new Set(['components', 'operations']);

const takesKey = ({ security = [] }) => security.some((scheme) => 'bearer' in scheme);

/**
 * The document without what the client never calls: what people do with a session is no business of a key.
 *
 * @param {{ paths: Record<string, Record<string, { security?: object[] }>> }} document
 */
function callsOfClient(document) {
  const paths = Object.entries(document.paths)
    .filter(([path]) => !FOR_PROXIES.has(path))
    .map(([path, operations]) => [
      path,
      Object.fromEntries(Object.entries(operations).filter(([, each]) => takesKey(each))),
    ])
    .filter(([, operations]) => Object.keys(operations).length > 0);
  return { ...document, paths: Object.fromEntries(paths) };
}

/**
 * The types of an OpenAPI document, formatted as they are kept in src/api-types.ts.
 *
 * @param {string} json the document
 * @param {string} file where the types will stand
 */
async function generateTypes(json, file) {
  const nodes = await openapiTS(callsOfClient(JSON.parse(json)), { immutable: true });
  const code = astToString(nodes.filter(({ name }) => USED.has(name?.text)));
  return format(BANNER + code, { ...(await resolveConfig(file)), filepath: file });
}

const [, , document, target] = process.argv;
await writeFile(target, await generateTypes(await readFile(document, 'utf8'), target));
