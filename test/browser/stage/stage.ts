import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchBrowser, visit, type Visit } from '../../support/browser.js';
import { type Product, startProduct } from '../../product/product.js';

export const PASSWORD = 'correct horse battery';

export interface Person extends Visit {
  readonly email: string;
}

/** One product and one browser for the whole suite; each person in it has an account of their own. */
export class Stage {
  private product: Product | undefined;
  private browser: Browser | undefined;
  private people = 0;
  private readonly visits = new Set<Visit>();

  async open(): Promise<void> {
    this.product = await startProduct();
    this.browser = await launchBrowser();
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.product?.stop();
  }

  get url(): string {
    if (!this.product) throw new Error('the product is not started');
    return this.product.url;
  }

  /** A browser profile that knows nothing yet. */
  async visitor(options?: BrowserContextOptions): Promise<Visit> {
    if (!this.browser) throw new Error('the browser is not started');
    const visited = await visit(this.browser, this.url, options);
    this.visits.add(visited);
    return visited;
  }

  /** Closes all pages that were opened. */
  async leave(): Promise<void> {
    await Promise.all([...this.visits].map(({ context }) => context.close()));
    this.visits.clear();
  }

  newEmail(): string {
    this.people += 1;
    return `person-${this.people}@example.com`;
  }

  /** The owner of a new account, signed in, with no page open yet. */
  async signedIn(options?: BrowserContextOptions): Promise<Person> {
    const email = this.newEmail();
    const visited = await this.visitor(options);
    const { page } = visited;
    const answer = await page.request.post('/api/auth/sign-up/email', {
      data: { name: 'Ada', email, password: PASSWORD },
      headers: { origin: this.url },
    });
    if (!answer.ok()) throw new Error(`signing up answered ${answer.status()}`);
    return { ...visited, email };
  }

  /** The owner of a new account on the API Keys page. */
  async owner(options?: BrowserContextOptions): Promise<Person> {
    const person = await this.signedIn(options);
    await person.page.goto('/');
    await person.page.getByRole('heading', { name: 'Issued Keys' }).waitFor();
    return person;
  }

  /** The same person in a second browser. */
  async again(
    { context, email }: Person,
    path: string,
    options?: BrowserContextOptions,
  ): Promise<Person> {
    const storageState = await context.storageState();
    const visited = await this.visitor({ storageState, ...options });
    await visited.page.goto(path);
    await visited.page.locator('h1').waitFor();
    return { ...visited, email };
  }
}
