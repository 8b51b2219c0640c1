import { once } from 'node:events';
import { createServer } from 'node:net';
import { types } from 'node:util';
import { ConfigurationError } from './config.js';
import { withoutUserInfo } from './redaction.js';
import { endWithSupervisor } from './shutdown.js';

/** A part cannot start for a reason that the operator can remove; the message says which. */
export class StartError extends Error {
  readonly code = 'cannot_start';

  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}

interface SystemError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use',
  EACCES: 'may not be used by this user',
  EADDRNOTAVAIL: 'is not on an address of this machine',
  ENOTFOUND: 'is not on an address of this machine',
  EAI_AGAIN: 'is not on an address of this machine',
};

/** What kept a part from starting, one line for each fault, without a stack trace. */
export function describeStartFailure(error: unknown): readonly string[] {
  if (error instanceof ConfigurationError) return error.faults;
  if (!types.isNativeError(error)) return [String(error)];
  const { code = '', syscall, address, port, message }: SystemError = error;
  const fault = listenFaults[code];
  if (fault !== undefined && syscall === 'listen' && port !== undefined) {
    return [`port ${port} on ${address ?? 'this machine'} ${fault}`];
  }
  // Clients quote connection strings that they cannot read.
  return [withoutUserInfo(message.split('\n', 1)[0] ?? code)];
}

/**
 * Runs the main function of a process. When it fails, each fault is one plain line on standard error
 * and the process ends with code 1. It also ends when the process that supervises it is gone.
 */
export function runMain(main: () => Promise<void>): void {
  endWithSupervisor();
  main().catch((error: unknown) => {
    for (const fault of describeStartFailure(error)) {
      // Past the console, which may be a part of the log by now.
      process.stderr.write(`Keytrail cannot start: ${fault.replace(/\.$/, '')}.\n`);
    }
    process.exit(1);
  });
}

/**
 * Finds out early, before anything slow is started, whether a port can be listened on.
 *
 * @throws StartError that names the port
 */
export async function assertPortUsable(port: number, host: string): Promise<void> {
  const probe = createServer();
  probe.listen({ port, host, exclusive: true });
  try {
    await once(probe, 'listening');
  } catch (error) {
    const fault = listenFaults[(error as SystemError).code ?? ''] ?? (error as Error).message;
    throw new StartError(`port ${port} on ${host} ${fault}`);
  }
  probe.close();
  await once(probe, 'close');
}
