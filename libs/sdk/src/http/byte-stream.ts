import type { OpenAnswer } from './transport.js';

/** An open answer as a stream of the platform: read when asked for more, ended when it is cancelled. */
export const toByteStream = ({ chunks, close }: OpenAnswer): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: close,
  });
