import type { CommandStartedEvent, Db, Document } from 'mongodb';

interface Examined {
  /** What was sent to find something, but for which generation of a read model is the one to read. */
  readonly commands: readonly Document[];
  /** How many documents the database looks at for all of them; for a group, at what it is made of. */
  readonly documents: number;
}

interface Command {
  readonly find?: string;
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly sort?: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly aggregate?: string;
  readonly pipeline?: readonly Readonly<Record<string, unknown>>[];
}

const READING = ['find', 'aggregate', 'count', 'distinct'];

/**
 * What some work asks the document database for, and how much that has to look at.
 *
 * @param db of a client with `monitorCommands=true` in its connection string
 */
export async function examinedBy(db: Db, work: () => Promise<unknown>): Promise<Examined> {
  const commands: Document[] = [];
  const watch = ({ commandName, command }: CommandStartedEvent): void => {
    if (READING.includes(commandName) && command['find'] !== 'read_models') commands.push(command);
  };
  db.client.on('commandStarted', watch);
  await work();
  db.client.off('commandStarted', watch);
  const counts = await Promise.all(commands.map((command) => explain(db, command)));
  return { commands, documents: counts.reduce((sum, count) => sum + count, 0) };
}

async function explain(db: Db, command: Document): Promise<number> {
  const { aggregate, pipeline, find, filter, sort, limit } = command as Command;
  const explained = await db.command({
    explain:
      find === undefined
        ? { find: aggregate, filter: pipeline?.[0]?.['$match'] }
        : { find, filter, ...(sort && { sort }), ...(limit && { limit }) },
    verbosity: 'executionStats',
  });
  return (explained['executionStats'] as { totalDocsExamined: number }).totalDocsExamined;
}
