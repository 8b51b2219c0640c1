import type { CreatedKey } from '../../api/types.js';

/**
 * A text that can be taken out of memory again. What React is given stays reachable for some renders
 * after it is gone from the page, so the text itself is never state and never a prop.
 */
export class Secret {
  private text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): string {
    return this.text;
  }

  forget(): void {
    this.text = '';
  }
}

export type LatestKey = Omit<CreatedKey, 'apiKey'> & { readonly secret: Secret };

export const toLatestKey = ({ apiKey, ...created }: CreatedKey): LatestKey => ({
  ...created,
  secret: new Secret(apiKey),
});
