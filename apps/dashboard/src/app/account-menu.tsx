import { Menu } from '@base-ui/react/menu';
import { useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown, LogOut } from 'lucide-react';
import { useState } from 'react';
import { messageOf } from '../api/problem.js';
import { signOut } from '../session/auth.js';
import { useSession } from '../session/session.js';
import { mayLeave } from '../ui/leaving.js';
import { emptyPage } from './shown-session.js';

/** Who is signed in and to which account; changes the account and signs out. */
export function AccountMenu() {
  const { accountName, email, role } = useSession();
  const [failure, setFailure] = useState<string | null>(null);
  const leave = async (): Promise<void> => {
    if (!(await mayLeave())) return;
    try {
      await signOut();
    } catch (error) {
      setFailure(messageOf(error));
      return;
    }
    // A full load, so that nothing of this person's session stays in the page's memory.
    emptyPage();
    window.location.assign('/sign-in');
  };
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger className="account-button">
          <span className="avatar" aria-hidden="true">
            {accountName.slice(0, 1).toUpperCase()}
          </span>
          <span className="account-words">
            <span className="account-name">{accountName}</span>
            <span className="account-role">{role === 'owner' ? 'Owner' : 'Reviewer'}</span>
          </span>
          <ChevronsUpDown aria-hidden="true" size={15} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="positioner" sideOffset={6} align="start">
            <Menu.Popup className="menu">
              <AccountChoices />
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">{email}</Menu.GroupLabel>
                <Menu.Item className="menu-item" onClick={() => void leave()}>
                  <LogOut aria-hidden="true" size={15} />
                  Sign out
                </Menu.Item>
              </Menu.Group>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {failure !== null && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}

function AccountChoices() {
  const { accounts, accountId } = useSession();
  const navigate = useNavigate();
  if (accounts.length < 2) return null;
  return (
    <Menu.RadioGroup
      value={accountId}
      onValueChange={(account: string) => {
        void navigate({ to: '/', search: { account } });
      }}
    >
      <Menu.Group>
        <Menu.GroupLabel className="menu-label">Accounts</Menu.GroupLabel>
        {accounts.map(({ id, name, role }) => (
          <Menu.RadioItem key={id} value={id} className="menu-item" closeOnClick>
            <Menu.RadioItemIndicator keepMounted className="menu-mark">
              <Check aria-hidden="true" size={15} />
            </Menu.RadioItemIndicator>
            <span className="menu-text">{name}</span>
            <span className="menu-note">{role}</span>
          </Menu.RadioItem>
        ))}
      </Menu.Group>
      <Menu.Separator className="menu-separator" />
    </Menu.RadioGroup>
  );
}
