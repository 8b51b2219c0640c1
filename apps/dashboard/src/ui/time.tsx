import { Tooltip } from '@base-ui/react/tooltip';
import { exactTime, relativeTime, toTheSecond } from './time-text.js';
import { useNow } from './use-now.js';

const exactTimes = Tooltip.createHandle<string>();

/** A relative time that tells the exact UTC time on hover and on focus. */
export function Time({ at }: { readonly at: string }) {
  const now = useNow();
  const exact = exactTime(at);
  return (
    <Tooltip.Trigger
      handle={exactTimes}
      payload={exact}
      delay={150}
      render={<time dateTime={at} tabIndex={0} className="time" />}
    >
      {relativeTime(Date.parse(at), now)}
      <span className="visually-hidden">, {exact}</span>
    </Tooltip.Trigger>
  );
}

/** The one tooltip that all times on the page share. */
export function TimeTooltip() {
  return (
    <Tooltip.Root handle={exactTimes}>
      {({ payload }) => (
        <Tooltip.Portal>
          <Tooltip.Positioner sideOffset={6} className="positioner">
            <Tooltip.Popup className="tooltip mono">{payload}</Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  );
}

/** The time itself, for logs; the column says that it is UTC. */
export function ExactTime({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} className="exact-time" title={exactTime(at)}>
      {toTheSecond(at)}
    </time>
  );
}
