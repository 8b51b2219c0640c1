import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';

const WAIT_MS = 300;

interface FilterTextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isLabelShown?: boolean;
  readonly onSettled: (value: string) => void;
}

/** A search box that speaks up when the typing rests, and follows the address when that changes. */
export function FilterText(props: FilterTextProps) {
  const { label, value, placeholder, isLabelShown = false, onSettled } = props;
  const id = useId();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelShown ? undefined : 'visually-hidden'}>
        {label}
      </label>
      <span className="search">
        <Search aria-hidden="true" size={15} />
        <input
          id={id}
          type="search"
          className="input"
          placeholder={placeholder ?? label}
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => {
              onSettled(target.value.trim());
            }, WAIT_MS);
          }}
        />
      </span>
    </div>
  );
}
