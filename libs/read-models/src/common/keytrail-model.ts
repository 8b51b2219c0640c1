import type { EventType, KeytrailEvent } from '@keytrail/domain';
import type { RecordedEvent } from '@keytrail/event-store';
import type {
  Operation,
  ReadModel,
  ReadModels as ReadModelsOf,
  ReadView as ReadViewOf,
} from '@keytrail/projections';

export type ModelName =
  'credentials' | 'keys' | 'accounts' | 'members' | 'invitations' | 'audit' | 'usage';

/** One of Keytrail's read models. */
export interface KeytrailModel extends ReadModel<ModelName> {
  /** Event types that command handlers also write themselves, see `writeSynchronously`. */
  readonly synchronous: readonly EventType[];
  /** Those of them by which somebody loses access: what is not in the documents is never acknowledged. */
  readonly takesAway?: readonly EventType[];
}

export type ReadModels = ReadModelsOf<ModelName>;
export type ReadView = ReadViewOf<ModelName>;

type KnownEvent = RecordedEvent<KeytrailEvent>;

type Projections = {
  readonly [Type in KnownEvent['type']]?: (
    event: Extract<KnownEvent, { readonly type: Type }>,
    position: string,
  ) => readonly Operation[];
};

/** A projection made of one function per event type; all other events change nothing. */
export function byType(projections: Projections): ReadModel['project'] {
  // Each function is asked only for the type it stands for, which the compiler cannot see here.
  const table = new Map(Object.entries(projections) as [string, ReadModel['project']][]);
  return (event, position) => table.get(event.type)?.(event, position) ?? [];
}
