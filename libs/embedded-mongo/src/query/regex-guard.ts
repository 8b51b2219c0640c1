import { createContext, Script } from 'node:vm';
import { MongoFault } from '../errors.js';

/** Steps that a match may be worth without a watch over it. */
const CHEAP_STEPS = 1_000_000;
/** A match of one value that takes longer is given up, as the server does at its match limit. */
const LIMIT_MS = 50;

const sandbox = { expression: /^/, text: '' };
const context = createContext(sandbox);
const script = new Script('expression.test(text)');

function watched(expression: RegExp, text: string): boolean {
  sandbox.expression = expression;
  sandbox.text = text;
  try {
    return script.runInContext(context, { timeout: LIMIT_MS }) as boolean;
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new MongoFault(51091, 'Regular expression matching took too long and was given up');
  } finally {
    sandbox.text = '';
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * A test that cannot keep everybody waiting: each repetition without an end may multiply the steps by
 * the length of the text, one within another by more than that.
 */
export function guarded(
  expression: RegExp,
  repeats: number,
  nested: boolean,
): (text: string) => boolean {
  return (text) => {
    const steps = repeats === 0 ? 0 : nested ? Infinity : text.length ** (repeats + 1);
    return steps > CHEAP_STEPS ? watched(expression, text) : expression.test(text);
  };
}
