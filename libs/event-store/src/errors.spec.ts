import { EventLogError } from './errors.js';

describe('an error of the event log', () => {
  it.each(['event_log_unavailable', 'wrong_expected_revision', 'unwritable_event'] as const)(
    'is told apart by its code: %s',
    (code) => {
      const cause = new Error('the connection broke');
      const error = new EventLogError(code, 'nothing is known of it', { cause });
      expect(error).toMatchObject({ name: 'EventLogError', code, cause });
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toBe('EventLogError: nothing is known of it');
    },
  );
});
