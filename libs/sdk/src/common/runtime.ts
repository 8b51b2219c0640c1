interface NodeProcess {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly versions?: Readonly<Record<string, string>>;
}

/** Browsers have none. */
const nodeProcess = (): NodeProcess | undefined =>
  (globalThis as { readonly process?: NodeProcess }).process;

/** A variable of the environment, where there is one; an empty one counts as not set. */
export function environment(name: string): string | undefined {
  const value = nodeProcess()?.env?.[name];
  return value === '' ? undefined : value;
}

export const isNode = (): boolean => nodeProcess()?.versions?.['node'] !== undefined;
