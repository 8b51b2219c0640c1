import { Combobox } from '@base-ui/react/combobox';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { keyQuery, keysQuery } from '../api/queries.js';
import type { ApiKey } from '../api/types.js';
import { useSession } from '../session/session.js';
import { Prefix } from './prefix.js';
import { usePastedKey } from './use-pasted-key.js';

const WAIT_MS = 200;
const SHOWN = 10;

interface KeyPickerProps {
  readonly keyId: string | undefined;
  readonly onPick: (keyId: string | undefined) => void;
}

/** Chooses one key by typing part of its name or prefix; the search is the server's. */
export function KeyPicker({ keyId, onPick }: KeyPickerProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { accountId } = useSession();
  const [text, setText] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const pasted = usePastedKey((found) => {
    setOpen(false);
    setText(null);
    onPick(found);
  });
  const settled = useSettled(text ?? '');
  const chosen = useQuery({ ...keyQuery(accountId, keyId ?? ''), enabled: keyId !== undefined });
  const found = useQuery(keysQuery(accountId, { q: settled.trim(), limit: SHOWN }));
  const value = keyId === undefined ? null : (chosen.data ?? null);
  return (
    <Combobox.Root
      items={found.data?.keys ?? []}
      filter={null}
      value={value}
      inputValue={text ?? value?.name ?? ''}
      itemToStringLabel={(key: ApiKey) => key.name}
      isItemEqualToValue={(one: ApiKey, other: ApiKey) => one.id === other.id}
      onInputValueChange={(typed) => {
        setText(pasted.read(typed).text);
      }}
      open={isOpen}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) setText(null);
      }}
      onValueChange={(key: ApiKey | null) => {
        setText(null);
        onPick(key?.id);
      }}
    >
      <div className="field">
        <label htmlFor={id}>Key</label>
        <Combobox.InputGroup className="picker">
          <Combobox.Input id={id} ref={input} className="input" placeholder={keyId ?? 'Any key'} />
          {keyId !== undefined && (
            <button
              type="button"
              className="picker-clear"
              aria-label="Clear the key"
              onClick={() => {
                setText(null);
                onPick(undefined);
                input.current?.focus();
              }}
            >
              <X aria-hidden="true" size={15} />
            </button>
          )}
        </Combobox.InputGroup>
        <p className="hint" role="status">
          {pasted.note}
        </p>
      </div>
      <Combobox.Portal>
        <Combobox.Positioner className="positioner" sideOffset={4} align="start">
          <Combobox.Popup className="menu picker-list">
            <Combobox.Empty className="menu-label">No key matches.</Combobox.Empty>
            <Combobox.List>
              {(key: ApiKey) => (
                <Combobox.Item key={key.id} value={key} className="menu-item">
                  <span className="menu-text">{key.name}</span>
                  <Prefix of={key.keyPrefix} />
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(text);
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return settled;
}
