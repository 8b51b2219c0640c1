import { useAwaySince } from '../api/reachable.js';
import { toTheSecond } from '../ui/time-text.js';

/** Says above every page that what it shows may be old. Always there, often empty. */
export function AwayNote() {
  const since = useAwaySince();
  return (
    <p className="away" role="status">
      {since !== null &&
        `Keytrail does not answer. What you see is as of ${toTheSecond(new Date(since).toISOString())} UTC or older; this page keeps trying.`}
    </p>
  );
}
