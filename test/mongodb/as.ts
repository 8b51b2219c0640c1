import type { Response } from 'supertest';
import type { SignedUp, TestApp } from '../../apps/api/test/harness/app.js';

interface Person {
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, body: object) => Promise<Response>;
  readonly patch: (path: string, body: object) => Promise<Response>;
  readonly delete: (path: string) => Promise<Response>;
}

/** Requests of a person, each of which must succeed. */
export function as({ http }: TestApp, { cookie }: Pick<SignedUp, 'cookie'>): Person {
  const call = async (method: keyof Person, path: string, body?: object): Promise<Response> => {
    const answer = await http[method](path).set('cookie', cookie).send(body);
    if (answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  return {
    get: (path) => call('get', path),
    post: (path, body) => call('post', path, body),
    patch: (path, body) => call('patch', path, body),
    delete: (path) => call('delete', path),
  };
}
