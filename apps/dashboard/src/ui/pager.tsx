import { usePaging } from '../app/use-filters.js';
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
      <Button size="small" disabled={cursor === undefined} onClick={toFirst}>
        First page
      </Button>
      <Button size="small" disabled={!hasTrail} onClick={toPrevious}>
        Previous
      </Button>
      <Button
        size="small"
        disabled={nextCursor === null}
        onClick={() => {
          if (nextCursor !== null) toNext(nextCursor);
        }}
      >
        Next
      </Button>
    </nav>
  );
}
