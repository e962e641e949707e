import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { dockfix } from "./dockfix.ts";

const before = readFileSync("walkthrough/Dockerfile", "utf8");

/** The Dockerfiles on a page. */
function shown(page: string): string[] {
  const text = readFileSync(`walkthrough/${page}.md`, "utf8");
  return [...text.matchAll(/```dockerfile\n(.*?)```/gs)].map(([, code]) => code ?? "");
}

/** What dockfix makes of the example. */
function fixed(...options: string[]): string {
  const args = ["-", "--fix", "--no-config", "--stdin-filename", "Dockerfile", ...options];
  return dockfix(args, { input: before, cwd: tmpdir() });
}

test("the example is what is opened", () => {
  assert.deepEqual(shown("before"), [before]);
});
test("the safe fixes are those that are made", () => {
  assert.deepEqual(shown("safe"), [before, fixed()]);
});
test("the unsafe fixes are those that are made", () => {
  assert.deepEqual(shown("unsafe"), [before, fixed("--unsafe-fixes")]);
});
