// Writes consecutive numbers into a store and prints each one once it is acknowledged.
// Usage: node count-up.mjs <dir> <count>
import { writeSync } from 'node:fs';
import { openDurableStore } from '../dist/index.js';

const [path, count] = process.argv.slice(2);
const print = (line) => writeSync(1, `${line}\n`);
const store = openDurableStore({
  path,
  onFatal: (error) => {
    print(`fatal ${error.message}`);
    process.exit(70);
  },
});
const numbers = store.env.openDB({ name: 'numbers' });
for (let next = 0; next < Number(count); next++) {
  await store.write(() => numbers.putSync(next, next));
  print(`acknowledged ${next}`);
}
await store.close();
