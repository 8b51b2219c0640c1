import { Link } from '@tanstack/react-router';
import { Prefix } from './prefix.js';

interface KeyLinkProps {
  readonly id: string;
  readonly name: string | null;
  readonly prefix: string | null;
}

/** A key by name and prefix, leading to its history. */
export function KeyLink({ id, name, prefix }: KeyLinkProps) {
  return (
    <span className="key-link">
      <Link to="/audit/keys/$apiKeyId" params={{ apiKeyId: id }} className="row-link">
        {name ?? id}
      </Link>
      {prefix !== null && prefix !== '' && <Prefix of={prefix} />}
    </span>
  );
}

/** A long technical value on one line; the whole of it on hover. */
export function Short({ text }: { readonly text: string | null }) {
  return text === null || text === '' ? (
    <span className="muted">–</span>
  ) : (
    <span className="short" title={text}>
      {text}
    </span>
  );
}
