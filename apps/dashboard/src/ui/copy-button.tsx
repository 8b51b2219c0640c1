import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.js';

interface CopyButtonProps {
  /** Read at the moment of copying. */
  readonly text: () => string;
  readonly label?: string;
  /** What it copies, where several buttons with this label are on the page. */
  readonly what?: string;
  readonly variant?: 'primary' | 'default' | 'quiet';
  readonly onCopied?: () => void;
  readonly onFailed?: () => void;
}

export function CopyButton(props: CopyButtonProps) {
  const { text, label = 'Copy', what, variant = 'default', onCopied, onFailed } = props;
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setState('copied');
      onCopied?.();
    } catch {
      setState('failed');
      onFailed?.();
    }
  };
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <Button
      variant={variant}
      size="small"
      aria-label={what === undefined ? undefined : `${label} ${what}`}
      onClick={() => void copy()}
    >
      <Icon aria-hidden="true" size={15} />
      {label}
      {what !== undefined && (
        <span className="visually-hidden" role="status">
          {state === 'copied' && `${what} copied`}
          {state === 'failed' && `${what} could not be copied`}
        </span>
      )}
    </Button>
  );
}
