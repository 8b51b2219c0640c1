import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { usePastedKey } from './use-pasted-key.js';

const WAIT_MS = 300;

interface FilterTextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isLabelShown?: boolean;
  readonly onSettled: (value: string) => void;
}

/**
 * A search box that speaks up when the typing rests, and follows the address when that changes. A whole
 * key is found by itself: the box then speaks of the key's id, and of a part of a key no more than lists show.
 */
export function FilterText(props: FilterTextProps) {
  const { label, value, placeholder, isLabelShown = false, onSettled } = props;
  const id = useId();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const pasted = usePastedKey(onSettled);
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
          aria-describedby={`${id}-note`}
          onChange={({ target }) => {
            const read = pasted.read(target.value);
            setText(read.text);
            clearTimeout(timer.current);
            if (read.isKey) return;
            timer.current = setTimeout(() => {
              onSettled(read.text.trim());
            }, WAIT_MS);
          }}
        />
      </span>
      <p id={`${id}-note`} className="hint" role="status">
        {pasted.note}
      </p>
    </div>
  );
}
