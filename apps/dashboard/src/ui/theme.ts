import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const STORAGE_NAME = 'keytrail.theme';
const listeners = new Set<() => void>();

const isTheme = (value: string | null): value is Theme =>
  value === 'system' || value === 'light' || value === 'dark';

function chosen(): Theme {
  const stored = localStorage.getItem(STORAGE_NAME);
  return isTheme(stored) ? stored : 'system';
}

/** Puts the chosen theme on the document; `system` leaves it to the browser's preference. */
export function applyTheme(theme: Theme = chosen()): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(STORAGE_NAME, theme);
  applyTheme(theme);
  for (const notify of listeners) notify();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);

/** Tells when the colours on the page change, by the switch or by the system. */
export function onColorsChange(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  listeners.add(listener);
  media.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', listener);
  };
}
