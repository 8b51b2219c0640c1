import { sharedEventStoreUrl } from '../support/engines/environment.js';
import { testStores, type TestStores } from '../support/stores.js';
import { listsBeginAtEnd } from './lists-begin-at-end.js';

interface ProductStoresOptions {
  /** A log in which nobody has written anything. */
  readonly newLog?: boolean;
}

/** Stores on which the product can start, without reading first what others wrote into a shared log. */
export async function productStores({
  newLog = false,
}: ProductStoresOptions = {}): Promise<TestStores> {
  const stores = await testStores({ newLog });
  try {
    const { eventStoreUrl, mongoUrl } = stores;
    if (eventStoreUrl === sharedEventStoreUrl()) await listsBeginAtEnd(eventStoreUrl, mongoUrl);
    return stores;
  } catch (error) {
    await stores.stop();
    throw error;
  }
}
