/**
 * Some libraries format by the browser's language as soon as they are loaded, and end there when it is one
 * that Intl does not know, such as `en-US@posix`. They are told English then, as all texts are.
 */
export function speakKnownLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
}
