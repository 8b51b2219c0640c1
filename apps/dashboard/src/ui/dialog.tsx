import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useRef } from 'react';
import { Button } from './button.js';

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly description: React.ReactNode;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  /** Where the focus goes when the dialog has closed; `true` means back to where it was. */
  readonly finalFocus?: () => HTMLElement | true | null;
  readonly children?: React.ReactNode;
}

/**
 * Asks before something that cannot be undone. The focus starts on the way out, so that an Enter held
 * down too long confirms nothing.
 */
export function Confirm(props: ConfirmProps) {
  const { isOpen, title, description, confirmLabel, onConfirm, onCancel, finalFocus } = props;
  const wayOut = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        if (!open) onCancel();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup
          className="dialog"
          initialFocus={wayOut}
          {...(finalFocus === undefined ? {} : { finalFocus })}
          render={
            <form
              onSubmit={(event) => {
                event.preventDefault();
                onConfirm();
              }}
            />
          }
        >
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog-text" render={<div />}>
            {description}
          </AlertDialog.Description>
          {props.children}
          <div className="dialog-actions">
            <AlertDialog.Close ref={wayOut} render={<Button />}>
              Cancel
            </AlertDialog.Close>
            <Button type="submit" variant="danger">
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
