export interface Plan {
  readonly name: string;
  /** Uses on a working day. */
  readonly daily: number;
  /** How many days ago it was created. */
  readonly age: number;
  /** How many days ago its last use was; it was revoked the day after where a reason is given. */
  readonly idleDays: number;
  readonly revokedBecause?: string;
  readonly requests: readonly (readonly [method: string, path: string])[];
  readonly userAgent: string;
}

/** The keys of the pictures, oldest first. */
export const plans: readonly Plan[] = [
  {
    name: 'Old website',
    daily: 14,
    age: 58,
    idleDays: 12,
    revokedBecause: 'Replaced by the new shop',
    requests: [['GET', '/v1/me']],
    userAgent: 'PHP/8.1 curl',
  },
  {
    name: 'Partner: Northwind',
    daily: 9,
    age: 52,
    idleDays: 33,
    requests: [['GET', '/v1/usage']],
    userAgent: 'okhttp/4.12.0',
  },
  {
    name: 'Data warehouse export',
    daily: 24,
    age: 45,
    idleDays: 0,
    requests: [['GET', '/v1/audit/export']],
    userAgent: 'python-requests/2.32.3',
  },
  {
    name: 'CI/CD Pipeline',
    daily: 38,
    age: 41,
    idleDays: 0,
    requests: [
      ['GET', '/v1/me'],
      ['POST', '/v1/verify'],
    ],
    userAgent: 'keytrail-sdk/0.1.0 node/20.20.2',
  },
  {
    name: 'Mobile App',
    daily: 61,
    age: 37,
    idleDays: 0,
    requests: [
      ['GET', '/v1/forward-auth'],
      ['GET', '/v1/api-keys'],
    ],
    userAgent: 'okhttp/4.12.0',
  },
  {
    name: 'Production Key',
    daily: 96,
    age: 35,
    idleDays: 0,
    requests: [
      ['POST', '/v1/verify'],
      ['GET', '/v1/events'],
      ['GET', '/v1/me'],
    ],
    userAgent: 'keytrail-sdk/0.1.0 node/20.20.2',
  },
];
