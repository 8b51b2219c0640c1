import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';

interface Filters<Name extends string> {
  readonly values: { readonly [Member in Name]?: string };
  /** Changes some filters; an empty text takes one away. The paging starts anew. */
  readonly set: (patch: { readonly [Member in Name]?: string | undefined }) => void;
  /** Takes all of them away, also those that the page does not know. */
  readonly clear: () => void;
}

/** The page's filters, which live in its address. */
export function useFilters<Name extends string>(): Filters<Name> {
  const navigate = useNavigate();
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  return {
    values: search as { readonly [Member in Name]?: string },
    set: (patch) => {
      void navigate({
        to: '.',
        search: (previous) => ({
          ...previous,
          ...patch,
          cursor: undefined,
        }),
        replace: true,
        resetScroll: false,
      });
    },
    clear: () => {
      void navigate({ to: '.', search: {}, replace: true, resetScroll: false });
    },
  };
}

interface Paging {
  readonly cursor: string | undefined;
  readonly toNext: (cursor: string) => void;
  /** One page back, as far as this tab came; otherwise to the first page. */
  readonly toPrevious: () => void;
  readonly toFirst: () => void;
  readonly hasTrail: boolean;
}

/** Where in a list of pages the address points. The pages before are remembered in the history entry. */
export function usePaging(): Paging {
  const navigate = useNavigate();
  const { cursor } = useFilters<'cursor'>().values;
  const trail = useRouterState({ select: ({ location }) => location.state.trail }) ?? [];
  const go = (to: string | undefined, nextTrail: readonly string[]): void => {
    void navigate({
      to: '.',
      search: (previous) => ({ ...previous, cursor: to }),
      state: { trail: nextTrail },
      resetScroll: false,
    });
  };
  return {
    cursor,
    hasTrail: trail.length > 0,
    toNext: (next) => {
      go(next, [...trail, cursor ?? '']);
    },
    toPrevious: () => {
      go(trail.at(-1) || undefined, trail.slice(0, -1));
    },
    toFirst: () => {
      go(undefined, []);
    },
  };
}

declare module '@tanstack/react-router' {
  interface HistoryState {
    trail?: readonly string[];
  }
}
