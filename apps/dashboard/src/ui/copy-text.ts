/**
 * Puts a text on the clipboard. Without `navigator.clipboard`, as on plain http, the browser's own copy
 * command is given the text, so that it is in no element.
 */
export async function copyText(text: string): Promise<void> {
  // The types say that it is always there; on plain http it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard !== undefined) {
    await clipboard.writeText(text);
    return;
  }
  const answer = { isCopied: false };
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    answer.isCopied = event.clipboardData !== null;
  };
  document.addEventListener('copy', give, { once: true });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else copies on plain http
  document.execCommand('copy');
  document.removeEventListener('copy', give);
  if (!answer.isCopied) throw new Error('The browser did not copy.');
}
