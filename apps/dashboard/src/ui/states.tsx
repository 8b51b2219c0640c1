import { messageOf } from '../api/problem.js';
import { ApiError } from '../api/problem.js';
import { Button } from './button.js';

interface EmptyProps {
  readonly title: string;
  /** What to do next. */
  readonly children: React.ReactNode;
  readonly action?: React.ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      <p className="empty-text">{children}</p>
      {action}
    </div>
  );
}

interface ProblemProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** A failed load: what went wrong, the request id to quote, and a way to try again. */
export function Problem({ error, onRetry }: ProblemProps) {
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div className="empty" role="alert">
      <p className="empty-title">This could not be loaded</p>
      <p className="empty-text">
        {messageOf(error)}
        {requestId !== undefined && (
          <>
            {' '}
            Request id: <code>{requestId}</code>
          </>
        )}
      </p>
      <Button onClick={onRetry}>Try again</Button>
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
