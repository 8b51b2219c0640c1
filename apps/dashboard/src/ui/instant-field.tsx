import { useId } from 'react';

interface InstantFieldProps {
  readonly label: string;
  /** ISO 8601 to the minute, UTC: `2026-01-31T09:30Z`. */
  readonly value: string | undefined;
  readonly onPick: (value: string | undefined) => void;
}

/** A point in time, in UTC as everything here. */
export function InstantField({ label, value, onPick }: InstantFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label} (UTC)</label>
      <input
        id={id}
        type="datetime-local"
        className="input"
        // Remounted only when the address says something else, so that half a date can be typed.
        key={value ?? ''}
        defaultValue={value?.slice(0, 16) ?? ''}
        onBlur={({ target }) => {
          const next = target.value === '' ? undefined : `${target.value.slice(0, 16)}Z`;
          if (next !== value) onPick(next);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </div>
  );
}
