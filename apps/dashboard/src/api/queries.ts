import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call, type Query } from './http.js';
import type {
  ApiKey,
  AuditPage,
  CurrentSession,
  KeyPage,
  MemberList,
  TransactionPage,
  UsagePage,
  UsageSeries,
} from './types.js';

/** First words of the query keys, so that an event can refresh what it changed. */
export type Subject =
  'keys' | 'usage' | 'transactions' | 'audit' | 'members' | 'session' | 'unused-keys';

export const PAGE_SIZE = 50;

const page = <Answer>(subject: Subject, path: string, accountId: string, query: Query = {}) =>
  queryOptions({
    queryKey: [subject, accountId, path, query],
    queryFn: ({ signal }) => call<Answer>(path, { query, signal, accountId }),
    placeholderData: keepPreviousData,
  });

/** Who is signed in, asked so that the answer to nobody is no error. */
export const sessionQuery = (accountId?: string) =>
  queryOptions({
    queryKey: ['session', accountId ?? 'default'],
    queryFn: ({ signal }) => call<CurrentSession>('/v1/session', { signal, accountId }),
    staleTime: 30_000,
  });

export const keysQuery = (accountId: string, query: Query) =>
  page<KeyPage>('keys', '/v1/api-keys', accountId, { limit: PAGE_SIZE, ...query });

export const keyQuery = (accountId: string, apiKeyId: string) =>
  page<ApiKey>('keys', `/v1/api-keys/${encodeURIComponent(apiKeyId)}`, accountId);

export const usageQuery = (accountId: string, query: Query) =>
  page<UsagePage>('usage', '/v1/usage', accountId, query);

export const seriesQuery = (accountId: string, query: Query) =>
  page<UsageSeries>('usage', '/v1/usage/series', accountId, query);

export const transactionsQuery = (accountId: string, query: Query) =>
  page<TransactionPage>('transactions', '/v1/transactions', accountId, {
    limit: PAGE_SIZE,
    ...query,
  });

export const auditQuery = (accountId: string, query: Query) =>
  page<AuditPage>('audit', '/v1/audit', accountId, { limit: PAGE_SIZE, ...query });

export const membersQuery = (accountId: string) =>
  page<MemberList>('members', '/v1/members', accountId);
