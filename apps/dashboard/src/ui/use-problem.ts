import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';

type Unanswered = Pick<UseQueryResult, 'data' | 'error' | 'isPlaceholderData' | 'errorUpdateCount'>;

/**
 * Why there is no answer to this very query; `null` when there is one or none has failed yet. It stays
 * while the next attempt is under way, so that the page does not flip between two states.
 */
export function useProblem(query: Unanswered): unknown {
  const { data, error, isPlaceholderData, errorUpdateCount } = query;
  const [last, setLast] = useState<unknown>(null);
  if (error !== null && error !== last) setLast(error);
  const isUnanswered = data === undefined || isPlaceholderData;
  return isUnanswered && errorUpdateCount > 0 ? (error ?? last) : null;
}
