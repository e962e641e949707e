import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { BinaryError, bundledPath, expand, find, isOlder, type Search } from "../../src/binary.ts";

const root = mkdtempSync(path.join(tmpdir(), "dockfix-binary-"));
after(() => {
  rmSync(root, { recursive: true });
});
let made = 0;

/** A program that says it is `answer`, at `places` below a new folder. */
function project(places: string[], answer = "dockfix 9.9.9"): string {
  const folder = path.join(root, String(made++));
  mkdirSync(folder);
  for (const place of places) {
    const file = path.join(folder, place);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

function search(folder: string, given: Partial<Search> = {}): Search {
  return {
    trusted: true,
    path: "",
    importStrategy: "fromEnvironment",
    folders: [folder],
    env: { PATH: path.join(folder, "path") },
    extension: path.join(folder, "extension"),
    ...given,
  };
}

/** Each is preferred to those behind it. */
const PLACES = [
  ["mine/dockfix", "dockfix.path"],
  ["active/bin/dockfix", "virtual environment"],
  [".venv/bin/dockfix", "virtual environment"],
  ["venv/bin/dockfix", "virtual environment"],
  ["node_modules/.bin/dockfix", "node_modules"],
  ["path/dockfix", "PATH"],
  ["extension/bundled/dockfix", "bundled"],
] as const;

for (const [index, [place, origin]] of PLACES.entries()) {
  test(`${place} comes before the rest`, async () => {
    const folder = project(PLACES.slice(index).map(([p]) => p));
    const env = { PATH: path.join(folder, "path"), VIRTUAL_ENV: path.join(folder, "active") };
    const found = await find(search(folder, { env, path: index === 0 ? "mine/dockfix" : "" }));
    assert.deepEqual(found, { path: path.join(folder, place), origin, version: "9.9.9" });
  });
}

test("useBundled looks nowhere else", async () => {
  const folder = project(PLACES.map(([place]) => place));
  const found = await find(search(folder, { importStrategy: "useBundled" }));
  assert.equal(found.origin, "bundled");
});

test("a workspace that is not trusted chooses nothing", async () => {
  const folder = project(PLACES.map(([place]) => place));
  const found = await find(search(folder, { trusted: false, path: "mine/dockfix" }));
  assert.equal(found.path, bundledPath(path.join(folder, "extension")));
  const without = project(["mine/dockfix", "path/dockfix"]);
  await assert.rejects(find(search(without, { trusted: false })), /not trusted/);
});

test("a folder on PATH that is relative is not searched", async () => {
  const folder = project([]);
  await assert.rejects(find(search(folder, { env: { PATH: ".:bin" } })), /none in the project or on PATH/);
});

test("what a setting names is not replaced by another", async () => {
  const folder = project(["path/dockfix"]);
  await assert.rejects(find(search(folder, { path: "/no/such/dockfix" })), (error: BinaryError) => {
    assert.equal(error.kind, "missing");
    assert.match(error.message, /dockfix\.path names \/no\/such\/dockfix/);
    return true;
  });
});

test("too old", async () => {
  const folder = project(["path/dockfix"], "dockfix 0.0.9");
  await assert.rejects(find(search(folder)), (error: BinaryError) => {
    assert.equal(error.kind, "old");
    assert.match(error.message, /dockfix 0\.0\.9 .*too old: .* needs \d+\.\d+\.\d+ or newer/);
    return true;
  });
});

test("another program", async () => {
  const folder = project(["path/dockfix"], "GNU dockfix, the wharf repair kit");
  await assert.rejects(find(search(folder)), /is not dockfix: .*wharf/);
});

test("the words in a path", () => {
  const given = { folders: ["/project"], env: { TOOLS: "/opt/tools" } };
  assert.equal(expand("~/bin/dockfix", given), path.join(homedir(), "bin/dockfix"));
  assert.equal(expand("${userHome}/bin/dockfix", given), path.join(homedir(), "bin/dockfix"));
  assert.equal(expand("${workspaceFolder}/bin/dockfix", given), "/project/bin/dockfix");
  assert.equal(expand("${env:TOOLS}/dockfix", given), "/opt/tools/dockfix");
  assert.equal(expand("bin/dockfix", given), "/project/bin/dockfix");
  assert.equal(expand("/a~b/dockfix", given), "/a~b/dockfix");
});

test("versions are compared by their numbers", () => {
  assert.ok(isOlder("0.9.0", "0.10.0"));
  assert.ok(!isOlder("0.10.0", "0.9.9"));
  assert.ok(!isOlder("1.0.0", "1.0.0"));
});
