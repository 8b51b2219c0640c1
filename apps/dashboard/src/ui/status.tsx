export interface StatusText {
  readonly tone: 'busy' | 'done' | 'failed';
  readonly text: string;
}

/** What just happened, in words, told to screen readers as well. Always on the page, often empty. */
export function Status({ status }: { readonly status: StatusText | null }) {
  return (
    <p className="status" role="status" data-tone={status?.tone ?? 'none'}>
      {status?.text ?? ''}
    </p>
  );
}
