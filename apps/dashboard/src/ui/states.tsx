import { useLayoutEffect, useRef } from 'react';
import { ApiError, hasStatus, messageOf } from '../api/problem.js';
import { Button } from './button.js';

interface EmptyProps {
  readonly title: string;
  /** What to do next. */
  readonly children: React.ReactNode;
  readonly action?: React.ReactNode;
  /** Whether it is all that the page shows; its title is then the page's heading. */
  readonly isPage?: boolean;
}

export function Empty({ title, children, action, isPage = false }: EmptyProps) {
  const Title = isPage ? 'h1' : 'p';
  const box = useFocusHandedOn();
  return (
    <div ref={box} className="empty">
      <Title className="empty-title">{title}</Title>
      <p className="empty-text">{children}</p>
      {action}
    </div>
  );
}

/** When what has the focus goes away, as "Clear filters" and "Try again" do, the focus goes to the card's heading. */
function useFocusHandedOn(): React.RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    const heading = element?.closest('section')?.querySelector<HTMLElement>('h2');
    return () => {
      if (element?.contains(document.activeElement)) heading?.focus();
    };
  }, []);
  return box;
}

interface ProblemProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Takes the filters away, which an address may hold in a way that is refused. */
  readonly onClear?: () => void;
  readonly isPage?: boolean;
}

/** A failed load: what went wrong, the request id to quote, and a way to try again. */
export function Problem({ error, onRetry, onClear, isPage = false }: ProblemProps) {
  const Title = isPage ? 'h1' : 'p';
  const box = useFocusHandedOn();
  const isRefused = onClear !== undefined && hasStatus(error, 400);
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div ref={box} className="empty" role="alert">
      <Title className="empty-title">This could not be loaded</Title>
      <p className="empty-text">
        {messageOf(error)}
        {requestId !== undefined && (
          <>
            {' '}
            Request id: <code>{requestId}</code>
          </>
        )}
      </p>
      {isRefused ? (
        <Button onClick={onClear}>Show without filters</Button>
      ) : (
        <Button onClick={onRetry}>Try again</Button>
      )}
    </div>
  );
}

export function Loading({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="loading-row" aria-hidden="true" />
      ))}
    </div>
  );
}
