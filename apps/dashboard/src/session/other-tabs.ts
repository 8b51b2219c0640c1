/** `over`: nobody is signed in any more. `begun`: somebody has signed in, who may be somebody else. */
export type SessionNews = 'over' | 'begun';

const channel = new BroadcastChannel('keytrail.session');

/** Tells all other tabs of this browser. */
export function tellOtherTabs(news: SessionNews): void {
  channel.postMessage(news);
}

/** Calls back with what another tab tells. */
export function onOtherTabs(listener: (news: SessionNews) => void): void {
  channel.addEventListener('message', ({ data }: MessageEvent<SessionNews>) => {
    listener(data);
  });
}
