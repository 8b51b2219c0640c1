// Opens a store and prints how many texts it holds, or the message of what is wrong. Usage: node read-all.mjs <dir>
import { openDurableStore } from '../dist/index.js';

try {
  const store = openDurableStore({ path: process.argv[2], onFatal: console.error });
  const texts = store.env.openDB({ name: 'texts' });
  let count = 0;
  for (const { key, value } of texts.getRange()) {
    const expected = key.slice('key-'.length).repeat(3_000);
    if (value !== expected) throw new Error(`${key} is not what was written`);
    count += 1;
  }
  console.log(count);
} catch (error) {
  console.log(error.message);
}
