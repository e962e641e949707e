import assert from "node:assert/strict";
import { test } from "node:test";
import { serialized } from "../../src/serial.ts";

/** A run that ends when it is told to, and counts. */
function counted() {
  const ends: ((error?: Error) => void)[] = [];
  let running = 0;
  let most = 0;
  const run = () => {
    most = Math.max(most, ++running);
    return new Promise<void>((resolve, reject) => {
      ends.push((error) => {
        running--;
        if (error) reject(error);
        else resolve();
      });
    });
  };
  /** Ends the run that was begun as the `n`th, once it was. */
  const end = async (n: number, error?: Error) => {
    while (ends[n] === undefined) await new Promise(setImmediate);
    ends[n](error);
  };
  return { run, end, began: () => ends.length, most: () => most };
}

test("never two at a time, and those that wait share one run", async () => {
  const counter = counted();
  const call = serialized(counter.run);
  const first = call();
  await new Promise(setImmediate);
  const others = [call(), call(), call()];
  await counter.end(0);
  await first;
  await counter.end(1);
  await Promise.all(others);
  assert.equal(counter.began(), 2);
  assert.equal(counter.most(), 1);
});

test("a run that fails tells its callers, and the next one comes", async () => {
  const counter = counted();
  const call = serialized(counter.run);
  const first = call();
  await new Promise(setImmediate);
  const second = call();
  await counter.end(0, new Error("no"));
  await assert.rejects(first, /no/);
  await counter.end(1);
  await second;
});
