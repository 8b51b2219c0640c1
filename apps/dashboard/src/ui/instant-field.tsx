import { useEffect, useId, useRef, useState } from 'react';

interface InstantFieldProps {
  readonly label: string;
  /** ISO 8601 to the minute, UTC: `2026-01-31T09:30Z`. */
  readonly value: string | undefined;
  readonly onPick: (value: string | undefined) => void;
}

/** A point in time, in UTC as everything here. */
export function InstantField({ label, value, onPick }: InstantFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isHalf, setHalf] = useState(false);
  const shown = toInput(value);
  // Set only when the address says something else, so that half a date can be typed.
  useEffect(() => {
    if (input.current === null) return;
    input.current.value = shown;
    setHalf(false);
  }, [shown]);
  const pick = ({ value: text, validity }: HTMLInputElement): void => {
    // Of half a date the browser tells only that it is none.
    setHalf(validity.badInput);
    if (validity.badInput) return;
    // Nothing was changed: an address may be finer than the field, and stays as it is.
    if (text === shown) return;
    onPick(text === '' ? undefined : `${text.slice(0, 16)}Z`);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label} (UTC)</label>
      <input
        id={id}
        type="datetime-local"
        className="input"
        ref={input}
        defaultValue={shown}
        aria-invalid={isHalf || undefined}
        aria-describedby={isHalf ? `${id}-error` : undefined}
        onBlur={({ target }) => {
          pick(target);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') pick(event.currentTarget);
        }}
      />
      {isHalf && (
        <p id={`${id}-error`} className="field-error" role="alert">
          This date is not complete: fill in day and time, or clear it.
        </p>
      )}
    </div>
  );
}

/** What the field shows of any time in ISO 8601: its minute in UTC. */
function toInput(value = ''): string {
  const at = Date.parse(value);
  return Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 16);
}
