// Runs a program in a process group of its own, so that a test can kill or freeze all of it, and ends
// the group when whoever asked for it is gone: no server is left behind by a test that was cut off.
// Usage: fork('guard.mjs', [program, ...args]); its message is the id of the group.
import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

child.on('error', (error) => {
  console.error(`${program} cannot be started: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  // Whoever waits for this process learns how the program has ended.
  process.kill(process.pid, signal);
});
process.on('disconnect', () => {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
});
process.send(child.pid);
