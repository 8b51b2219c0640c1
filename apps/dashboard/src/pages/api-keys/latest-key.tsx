import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { CreatedKey } from '../../api/types.js';
import { CopyButton } from '../../ui/copy-button.js';

interface LatestKeyProps {
  readonly created: CreatedKey;
  readonly onCopied: () => void;
  readonly onCopyFailed: () => void;
  readonly onClose: () => void;
}

/** The whole key, for the only time. */
export function LatestKey({ created, onCopied, onCopyFailed, onClose }: LatestKeyProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <div ref={box} className="latest-key" role="group" aria-labelledby={id} tabIndex={-1}>
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
        <code className="secret">{created.apiKey}</code>
        <CopyButton
          text={created.apiKey}
          variant="primary"
          onCopied={onCopied}
          onFailed={onCopyFailed}
        />
      </div>
      <p className="latest-key-warning">{created.warning}</p>
    </div>
  );
}
