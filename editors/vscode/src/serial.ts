/**
 * Makes a function that has `run` done once after each call, but never twice at a time: calls that come while it waits
 * to be run share that run.
 */
export function serialized(run: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return () => {
    waiting ??= last.then(() => {
      waiting = undefined;
      return run();
    });
    const mine = waiting;
    last = mine.catch(() => undefined);
    return mine;
  };
}
