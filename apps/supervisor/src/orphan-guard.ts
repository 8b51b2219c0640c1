// Loaded into every part before its own program. A supervisor that was killed closes the channel to
// its parts, and they stop by themselves; this ends a part that was still starting and did not listen yet.
const graceMs = 15_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), graceMs).unref();
});
process.channel?.unref();
