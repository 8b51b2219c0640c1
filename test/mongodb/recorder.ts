import { MongoClient } from 'mongodb';
import type { CommandStartedEvent } from 'mongodb';
import { shapeOf } from './command-shape.js';
import type { Shape } from './command-shape.js';

/** All commands of one kind, in a transaction or not. */
export interface Row {
  readonly command: string;
  readonly inTransaction: boolean;
  readonly collections: readonly string[];
  readonly options: readonly string[];
  readonly operators: readonly string[];
}

export const keyOf = ({
  command,
  inTransaction,
}: Pick<Row, 'command' | 'inTransaction'>): string =>
  inTransaction ? `${command} in a transaction` : command;

type Emit = (this: MongoClient, name: string, details: unknown) => boolean;
const prototype = MongoClient.prototype as unknown as { emit: Emit };

/** Remembers what clients with `monitorCommands=true` in their connection string send. */
export class CommandRecorder {
  private readonly shapes = new Map<string, Shape[]>();
  private readonly original = prototype.emit;

  start(): this {
    const { original } = this;
    const record = (shape: Shape): void => {
      this.shapes.set(keyOf(shape), [...(this.shapes.get(keyOf(shape)) ?? []), shape]);
    };
    prototype.emit = function (name, details) {
      if (name === 'commandStarted') {
        const { commandName, command } = details as CommandStartedEvent;
        record(shapeOf(commandName, command));
      }
      return original.call(this, name, details);
    };
    return this;
  }

  /** Whether a command was sent, in a transaction or not. */
  has(command: string): boolean {
    return [...this.shapes.values()].flat().some((shape) => shape.command === command);
  }

  /** @returns everything that was sent, by command */
  stop(): Row[] {
    prototype.emit = this.original;
    return [...this.shapes.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, shapes]) => toRow(shapes));
  }
}

function toRow(shapes: readonly Shape[]): Row[] {
  const [first] = shapes;
  if (!first) return [];
  const all = (names: (shape: Shape) => readonly string[]): string[] =>
    [...new Set(shapes.flatMap(names))].filter((name) => name !== '').sort();
  return [
    {
      command: first.command,
      inTransaction: first.inTransaction,
      collections: all(({ collection }) => [collection]),
      options: all(({ options }) => options),
      operators: all(({ operators }) => operators),
    },
  ];
}
