import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.js';
import { Empty } from '../ui/states.js';

export function NotFound() {
  return (
    <main className="alone">
      <Empty
        title="There is no page at this address"
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
