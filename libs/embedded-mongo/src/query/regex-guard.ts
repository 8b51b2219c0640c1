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
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * By which power of a text's length the steps of a match may grow: each repetition without an end
 * multiplies them, and a repeated group with choices in it may double them with each character.
 */
function powerOf(pieces: readonly string[]): number {
  const choices: number[] = [];
  let repeats = 0;
  let seen = 0;
  let inGroup = 0;
  for (const [at, piece] of pieces.entries()) {
    if (piece.startsWith('(')) choices.push(seen);
    else if (piece === ')') inGroup = seen - (choices.pop() ?? 0);
    else if (piece === '|' || /^[*+?{]/.test(piece)) {
      if (pieces[at - 1] === ')' && inGroup > 0 && piece !== '?') return Infinity;
      if (/^(?:[*+]|\{\d+,\})/.test(piece)) repeats += 1;
      seen += 1;
    }
  }
  return repeats === 0 ? 0 : repeats + 1;
}

/** A test that cannot keep everybody waiting. */
export function guarded(expression: RegExp, pieces: readonly string[]): (text: string) => boolean {
  const power = powerOf(pieces);
  return (text) =>
    text.length ** power > CHEAP_STEPS ? watched(expression, text) : expression.test(text);
}
