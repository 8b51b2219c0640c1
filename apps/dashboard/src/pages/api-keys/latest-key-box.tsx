import { X } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import { CopyButton } from '../../ui/copy-button.js';
import type { LatestKey, Secret } from './secret.js';

interface LatestKeyBoxProps {
  readonly latest: LatestKey;
  readonly onCopied: () => void;
  readonly onCopyFailed: () => void;
  readonly onClose: () => void;
}

/** The whole key, for the only time. */
export function LatestKeyBox({ latest, onCopied, onCopyFailed, onClose }: LatestKeyBoxProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <div
      ref={box}
      className="latest-key"
      role="group"
      aria-labelledby={id}
      tabIndex={-1}
      onCopy={() => {
        // By the keyboard or by the browser's menu.
        const copied = document.getSelection()?.toString() ?? '';
        if (copied.includes(latest.secret.read())) onCopied();
      }}
    >
      <div className="latest-key-head">
        <h3 id={id}>Latest key</h3>
        <button
          type="button"
          className="icon-button"
          aria-label="Close latest key"
          onClick={onClose}
        >
          <X aria-hidden="true" size={18} />
        </button>
      </div>
      <div className="latest-key-row">
        <SecretText secret={latest.secret} />
        <CopyButton
          text={() => latest.secret.read()}
          variant="primary"
          onCopied={onCopied}
          onFailed={onCopyFailed}
        />
      </div>
      <p className="latest-key-warning">{latest.warning}</p>
    </div>
  );
}

function SecretText({ secret }: { readonly secret: Secret }) {
  const code = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = code.current;
    if (element === null) return;
    element.textContent = secret.read();
    return () => {
      element.textContent = '';
    };
  }, [secret]);
  return <code ref={code} className="secret" />;
}
