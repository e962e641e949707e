// The walkthrough shows what dockfix does: UPDATE=1 writes that down.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { dockfix } from "./dockfix.ts";

const before = readFileSync("walkthrough/Dockerfile", "utf8");

/** What dockfix makes of the example. */
function fixed(...options: string[]): string {
  const args = ["-", "--fix", "--no-config", "--stdin-filename", "Dockerfile", ...options];
  return dockfix(args, { input: before, cwd: tmpdir() });
}

/** Holds the Dockerfiles on a page against what they should be. */
function shows(page: string, expected: string[]): void {
  const file = `walkthrough/${page}.md`;
  const text = readFileSync(file, "utf8");
  const blocks = /(?<=```dockerfile\n).*?(?=```)/gs;
  if (process.env["UPDATE"] === "1") {
    let next = 0;
    writeFileSync(
      file,
      text.replaceAll(blocks, () => expected[next++] ?? ""),
    );
  } else {
    assert.deepEqual(text.match(blocks), expected);
  }
}

test("the example is what is opened", () => {
  shows("before", [before]);
});
test("the safe fixes are those that are made", () => {
  shows("safe", [before, fixed()]);
});
test("the unsafe fixes are those that are made", () => {
  shows("unsafe", [before, fixed("--unsafe-fixes")]);
});
