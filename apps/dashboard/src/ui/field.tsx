import { type ComponentProps, useId } from 'react';

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string;
  readonly hint?: React.ReactNode;
  readonly error?: string | undefined;
}

/** A labelled input with its hint and its error tied to it. */
export function Field({ label, hint, error, id, className = '', ...input }: FieldProps) {
  const ownId = useId();
  const inputId = id ?? ownId;
  const described = [hint && `${inputId}-hint`, error && `${inputId}-error`].filter(Boolean);
  return (
    <div className={`field ${className}`}>
      <label htmlFor={inputId}>{label}</label>
      <input
        {...input}
        id={inputId}
        className="input"
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
      />
      {hint && (
        <p id={`${inputId}-hint`} className="hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${inputId}-error`} className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface SelectProps extends Omit<ComponentProps<'select'>, 'onChange' | 'children'> {
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onPick: (value: string) => void;
  /** Hidden labels are still read out. */
  readonly isLabelHidden?: boolean;
}

export function Select({ label, options, onPick, isLabelHidden = false, ...rest }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        {...rest}
        id={id}
        className="input select"
        onChange={(event) => {
          onPick(event.target.value);
        }}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
