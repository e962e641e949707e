import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dockfix } from "./dockfix.ts";
import { manifest } from "./manifest.ts";

const [header, place] = manifest.contributes.problemMatchers[0].pattern.map((p) => new RegExp(p.regexp));

test("the problem matcher finds every problem that dockfix prints", () => {
  const input = readFileSync("walkthrough/Dockerfile", "utf8");
  const args = ["-", "--no-config", "--stdin-filename", "sub folder/Dockerfile"];
  const expected = JSON.parse(dockfix([...args, "--format", "json"], { input })) as {
    severity: string;
    rule: string;
    message: string;
    span: { start: { line: number; column: number } };
  }[];
  assert.ok(expected.length > 5);
  const lines = dockfix([...args, "--color", "never"], { input }).split("\n");
  const matched = lines.flatMap((line, i) => {
    const [first, second] = [header?.exec(line), place?.exec(lines[i + 1] ?? "")];
    return first && second ? [[...first.slice(1), ...second.slice(1)]] : [];
  });
  const wanted = expected.map(({ severity, rule, message, span: { start } }) => {
    return [severity, rule, message, "sub folder/Dockerfile", String(start.line), String(start.column)];
  });
  assert.deepEqual(matched, wanted);
});
