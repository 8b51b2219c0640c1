import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Confirm } from '../../ui/dialog.js';
import { askBeforeLeaving } from '../../ui/leaving.js';

/** What would take a key away that nobody has copied. */
type Way = 'leave' | 'close' | 'create';

const words: Readonly<Record<Way, { readonly title: string; readonly confirm: string }>> = {
  leave: { title: 'Leave without copying the key?', confirm: 'Leave' },
  close: { title: 'Close without copying the key?', confirm: 'Close' },
  create: { title: 'Create another key without copying this one?', confirm: 'Create another' },
};

interface Question {
  readonly way: Way;
  readonly answer: (isSure: boolean) => void;
}

interface UncopiedKey {
  /** Resolves with whether to go on: at once when nothing would be lost. */
  readonly ask: (way: Way) => Promise<boolean>;
  readonly dialog: React.ReactNode;
}

/** Asks before a key is lost that nobody has copied and that cannot be shown again. */
export function useUncopiedKey(isUncopied: boolean): UncopiedKey {
  const [question, setQuestion] = useState<Question | null>(null);
  const blocked = useBlocker({
    shouldBlockFn: ({ current, next }) => isUncopied && placeOf(next) !== placeOf(current),
    enableBeforeUnload: () => isUncopied,
    withResolver: true,
  });
  const ask = (way: Way): Promise<boolean> =>
    isUncopied
      ? new Promise((answer) => {
          setQuestion({ way, answer });
        })
      : Promise.resolve(true);
  useEffect(() => {
    if (!isUncopied) return;
    askBeforeLeaving(
      () =>
        new Promise((answer) => {
          setQuestion({ way: 'leave', answer });
        }),
    );
    return () => {
      askBeforeLeaving(null);
    };
  }, [isUncopied]);
  const asked: Question | null =
    blocked.status === 'blocked'
      ? {
          way: 'leave',
          answer: (isSure) => {
            if (isSure) blocked.proceed();
            else blocked.reset();
          },
        }
      : question;
  const answer = (isSure: boolean): void => {
    setQuestion(null);
    asked?.answer(isSure);
  };
  return { ask, dialog: <UncopiedDialog way={asked?.way ?? null} onAnswer={answer} /> };
}

interface Address {
  readonly pathname: string;
  readonly search: { readonly account?: string | undefined };
}

/** Filters and pages change beside the key, another account takes it away. */
const placeOf = ({ pathname, search }: Address): string => `${pathname} ${search.account ?? ''}`;

interface UncopiedDialogProps {
  /** `null` while nothing is asked. */
  readonly way: Way | null;
  readonly onAnswer: (isSure: boolean) => void;
}

function UncopiedDialog({ way, onAnswer }: UncopiedDialogProps) {
  // Keeps the words in the dialog while it fades out.
  const [shown, setShown] = useState<Way>('leave');
  if (way !== null && way !== shown) setShown(way);
  return (
    <Confirm
      isOpen={way !== null}
      title={words[shown].title}
      description={<p>It cannot be shown again. It stays active, of no use to anybody.</p>}
      confirmLabel={words[shown].confirm}
      onConfirm={() => {
        onAnswer(true);
      }}
      onCancel={() => {
        onAnswer(false);
      }}
    />
  );
}
