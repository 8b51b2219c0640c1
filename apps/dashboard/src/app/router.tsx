import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { ApiKeysPage } from '../pages/api-keys/api-keys-page.js';
import { SignInPage } from '../pages/sign-in/sign-in-page.js';
import { SignUpPage } from '../pages/sign-in/sign-up-page.js';
import { loadSession } from './load-session.js';
import { NotFound } from './not-found.js';
import { PageFailed } from './page-failed.js';
import { only, parseSearch, stringifySearch } from './search.js';
import { SignedIn } from './signed-in.js';

const root = createRootRoute({
  validateSearch: only('account'),
  search: { middlewares: [retainSearchParams<{ account?: string | undefined }>(['account'])] },
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: only('redirect'),
  component: SignInPage,
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: only('redirect'),
  component: SignUpPage,
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('../pages/join/join-page.js'), 'JoinPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: loadSession,
  component: SignedIn,
});

const apiKeys = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  validateSearch: only('status', 'q', 'cursor'),
  component: ApiKeysPage,
});

const usage = createRoute({
  getParentRoute: () => signedIn,
  path: '/usage',
  validateSearch: only('range', 'key', 'cursor', 'unused'),
  component: lazyRouteComponent(() => import('../pages/usage/usage-page.js'), 'UsagePage'),
});

const transactions = createRoute({
  getParentRoute: () => signedIn,
  path: '/transactions',
  validateSearch: only('key', 'from', 'to', 'cursor'),
  component: lazyRouteComponent(
    () => import('../pages/transactions/transactions-page.js'),
    'TransactionsPage',
  ),
});

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: only('key', 'type', 'actor', 'from', 'to', 'order', 'cursor'),
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.js'), 'AuditPage'),
});

const keyHistory = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit/keys/$apiKeyId',
  validateSearch: only('type', 'order', 'cursor'),
  component: lazyRouteComponent(
    () => import('../pages/audit/key-history-page.js'),
    'KeyHistoryPage',
  ),
});

const events = createRoute({
  getParentRoute: () => signedIn,
  path: '/events',
  validateSearch: only('type', 'from'),
  component: lazyRouteComponent(() => import('../pages/events/events-page.js'), 'EventsPage'),
});

const members = createRoute({
  getParentRoute: () => signedIn,
  path: '/members',
  component: lazyRouteComponent(() => import('../pages/members/members-page.js'), 'MembersPage'),
});

const quickstart = createRoute({
  getParentRoute: () => signedIn,
  path: '/quickstart',
  component: lazyRouteComponent(
    () => import('../pages/quickstart/quickstart-page.js'),
    'QuickstartPage',
  ),
});

const pages = [apiKeys, usage, transactions, audit, keyHistory, events, members, quickstart];

/** The router of all pages. It reads the address at once, which must be clean by then. */
export const createPages = () =>
  createRouter({
    routeTree: root.addChildren([signIn, signUp, join, signedIn.addChildren(pages)]),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadDelay: 30,
    defaultErrorComponent: PageFailed,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
