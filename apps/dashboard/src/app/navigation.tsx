import { Link } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  BookOpen,
  ChartColumn,
  KeyRound,
  Radio,
  ScrollText,
  Users,
} from 'lucide-react';
import { useLiveState } from '../live/live-updates.js';
import { AccountMenu } from './account-menu.js';
import { Logo } from '../ui/logo.js';
import { ThemeSwitch } from './theme-switch.js';

const places = [
  { to: '/', text: 'API Keys', icon: KeyRound },
  { to: '/usage', text: 'Usage', icon: ChartColumn },
  { to: '/transactions', text: 'Transactions', icon: ArrowLeftRight },
  { to: '/audit', text: 'Audit trail', icon: ScrollText },
  { to: '/events', text: 'Events', icon: Radio },
  { to: '/members', text: 'Members', icon: Users },
  { to: '/quickstart', text: 'Quickstart', icon: BookOpen },
] as const;

/** The pages, who is signed in, and the look; in the side bar, and in a sheet on a phone. */
export function Navigation({ onGo }: { readonly onGo?: () => void }) {
  return (
    <div className="navigation">
      <Logo />
      <AccountMenu />
      <nav aria-label="Pages">
        <ul className="places">
          {places.map(({ to, text, icon: Icon }) => (
            <li key={to}>
              <Link
                to={to}
                className="place"
                activeOptions={{ exact: to === '/', includeSearch: false }}
                onClick={onGo}
              >
                <Icon aria-hidden="true" size={17} strokeWidth={1.8} />
                {text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="navigation-foot">
        <LiveMark />
        <ThemeSwitch />
      </div>
    </div>
  );
}

function LiveMark() {
  const isLive = useLiveState() === 'live';
  return (
    <p className="live-mark" data-live={isLive}>
      {isLive ? 'Live' : 'Refreshing'}
      <span className="visually-hidden">
        {isLive
          ? ': changes appear as they happen'
          : ': the event feed is away, so the page asks again every 1.5 seconds'}
      </span>
    </p>
  );
}
