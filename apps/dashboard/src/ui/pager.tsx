import { usePaging } from './use-filters.js';
import { Button } from './button.js';

interface PagerProps {
  readonly nextCursor: string | null;
  /** What is listed, such as `keys`. */
  readonly what: string;
}

export function Pager({ nextCursor, what }: PagerProps) {
  const { cursor, hasTrail, toNext, toPrevious, toFirst } = usePaging();
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <nav className="pager" aria-label={`Pages of ${what}`}>
      <Button size="small" disabled={cursor === undefined} onClick={turn(toFirst)}>
        First page
      </Button>
      <Button size="small" disabled={!hasTrail} onClick={turn(toPrevious)}>
        Previous
      </Button>
      <Button
        size="small"
        disabled={nextCursor === null}
        onClick={turn(() => {
          if (nextCursor !== null) toNext(nextCursor);
        })}
      >
        Next
      </Button>
    </nav>
  );
}

/** Goes on, and by pointer back up to where the page begins; a keyboard's focus stays in sight on its button. */
const turn =
  (go: () => void) =>
  ({ detail, currentTarget }: React.MouseEvent<HTMLElement>): void => {
    go();
    if (detail > 0) currentTarget.closest('section')?.scrollIntoView({ block: 'start' });
  };
