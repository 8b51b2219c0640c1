import chromium from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium as playwright,
  type Page,
} from 'playwright-core';

/** Chromium inside a container, saying nothing to anybody but the page's own server. */
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  '--no-zygote',
  '--use-gl=angle',
  '--use-angle=swiftshader',
];

const ACTION_TIMEOUT_MS = 20_000;

/** The Chromium that comes with its npm package: nothing to install, nothing to download. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: FLAGS,
    headless: true,
  });
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that went wrong in the page so far: console errors, thrown errors, blocked resources. */
  readonly faults: readonly string[];
  /** Every address outside of the product that the page asked for. */
  readonly foreignRequests: readonly string[];
  /** All text that any script wrote to the console. */
  readonly consoleTexts: readonly string[];
}

/** A person with a fresh browser profile, on the product at `url`. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1280, height: 860 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const page = await context.newPage();
  return { page, context, ...watch(page, url) };
}

function watch(page: Page, url: string) {
  const faults: string[] = [];
  const foreignRequests: string[] = [];
  const consoleTexts: string[] = [];
  page.on('console', (message) => {
    consoleTexts.push(message.text());
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => {
    faults.push(String(error));
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !/^(data|blob):/.test(address)) foreignRequests.push(address);
  });
  return { faults, foreignRequests, consoleTexts };
}
