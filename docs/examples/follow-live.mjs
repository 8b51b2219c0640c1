// Follows the event feed live as server-sent events, with the client `eventsource` from npm.
// node follow-live.mjs
import { EventSource } from 'eventsource';

const { KEYTRAIL_URL = 'http://127.0.0.1:3000', KEYTRAIL_API_KEY } = process.env;
let lastEventId;

function follow() {
  const feed = new EventSource(`${KEYTRAIL_URL}/v1/events?from=${lastEventId ?? 'start'}`, {
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${KEYTRAIL_API_KEY}` },
      }),
  });
  feed.addEventListener('message', (message) => {
    const event = JSON.parse(message.data);
    console.log(event.sequence, event.type, event.subject);
    lastEventId = message.lastEventId;
  });
  // Nothing is missing up to here, even if nothing came.
  feed.addEventListener('heartbeat', (heartbeat) => {
    lastEventId = heartbeat.lastEventId;
  });
  feed.addEventListener('error', (error) => {
    // A lost connection is made again by the client itself; an answer other than 200 is for us.
    if (feed.readyState !== EventSource.CLOSED) return;
    if (error.code === 503) setTimeout(follow, 1_000);
    else throw new Error(`Keytrail answered ${error.code}`);
  });
}

follow();
