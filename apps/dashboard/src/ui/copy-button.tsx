import { Check, Copy, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.js';
import { copyText } from './copy-text.js';

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
      await copyText(text());
      setState('copied');
      onCopied?.();
    } catch {
      setState('failed');
      onFailed?.();
    }
  };
  const Icon = { idle: Copy, copied: Check, failed: TriangleAlert }[state];
  // Where no status line tells it, the button does.
  const shown =
    what === undefined
      ? label
      : { idle: label, copied: 'Copied', failed: 'Select and copy it' }[state];
  return (
    <>
      <Button
        variant={variant}
        size="small"
        aria-label={what === undefined ? undefined : `${label} ${what}`}
        onClick={() => void copy()}
      >
        <Icon aria-hidden="true" size={15} />
        {shown}
      </Button>
      {what !== undefined && (
        <span className="visually-hidden" role="status">
          {state === 'copied' && `${what} copied`}
          {state === 'failed' && `${what} could not be copied. Select it and copy it.`}
        </span>
      )}
    </>
  );
}
