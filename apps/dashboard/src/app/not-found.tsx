import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.js';
import { Empty } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { Logo } from '../ui/logo.js';

export function NotFound() {
  useTitle('No such page');
  return (
    <main className="alone">
      <Logo />
      <Empty
        title="There is no page at this address"
        isPage
        action={
          <Link to="/" className={buttonClass('primary')}>
            Go to API Keys
          </Link>
        }
      >
        Check the link, or start again from the list of keys.
      </Empty>
    </main>
  );
}
