import { Dialog } from '@base-ui/react/dialog';
import { Menu as MenuIcon, X } from 'lucide-react';
import { useState } from 'react';
import { Logo } from '../ui/logo.js';
import { Navigation } from './navigation.js';

/** The phone's bar: the name and the button that opens the navigation. */
export function TopBar() {
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="top-bar">
      <Logo />
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Trigger className="icon-button" aria-label="Open the navigation">
          <MenuIcon aria-hidden="true" size={20} />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup className="sheet">
            <Dialog.Title className="visually-hidden">Navigation</Dialog.Title>
            <Dialog.Close className="icon-button sheet-close" aria-label="Close the navigation">
              <X aria-hidden="true" size={20} />
            </Dialog.Close>
            <Navigation
              onGo={() => {
                setOpen(false);
              }}
            />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
