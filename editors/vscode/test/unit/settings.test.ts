// The settings are the server's own options: UPDATE=1 takes them over from it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { dockfix, program } from "./dockfix.ts";
import { manifest, type Schema } from "./manifest.ts";

/** The server's words for an option. */
interface Option extends Omit<Schema, "enum"> {
  $ref?: string;
  anyOf?: Option[];
  oneOf?: { const: string; description: string }[];
}

const server = JSON.parse(dockfix(["schema", "--lsp"])) as {
  $defs: Record<string, Option>;
  properties: Record<string, Option>;
};
const settings = manifest.contributes.configuration.properties;

/** An option as a setting. What is null is not set: then `dockfix.toml` decides. */
function settingOf(option: Option): Schema {
  const inner = option.anyOf?.find((o) => o.$ref !== undefined)?.$ref?.replace("#/$defs/", "");
  const choices = (inner === undefined ? undefined : server.$defs[inner])?.oneOf;
  const { type, items, minimum } = option;
  return {
    type: choices === undefined ? (type ?? "object") : ["string", "null"],
    default: option.default ?? (type === "object" ? {} : null),
    ...(choices === undefined
      ? {}
      : {
          enum: [null, ...choices.map((c) => c.const)],
          markdownEnumDescriptions: ["Not set.", ...choices.map((c) => c.description)],
        }),
    ...(items === undefined ? {} : { items, uniqueItems: true }),
    ...(minimum === undefined ? {} : { minimum }),
    markdownDescription: (option.description ?? "").replaceAll("\n", " "),
  };
}

test("every option of the server is a setting, with its type, its default and its description", () => {
  const { features, ...options } = server.properties;
  assert.ok(features, "features are listed one by one in package.json, see below");
  const wanted = Object.entries(options).map(([name, option], i) => {
    return [`dockfix.${name}`, { ...settingOf(option), order: 10 + i }] as const;
  });
  if (process.env["UPDATE"] === "1") {
    const text = JSON.parse(readFileSync("package.json", "utf8")) as typeof manifest;
    Object.assign(text.contributes.configuration.properties, Object.fromEntries(wanted));
    writeFileSync("package.json", `${JSON.stringify(text, undefined, 2)}\n`);
    return;
  }
  for (const [name, setting] of wanted) assert.deepEqual(settings[name], setting, name);
});

test("nothing else is said to the server", () => {
  const source = readFileSync("src/settings.ts", "utf8");
  const sent = /SERVER_SETTINGS = (\[.*?\])/s.exec(source)?.[1] ?? "";
  assert.deepEqual(JSON.parse(sent), Object.keys(server.properties).sort());
});

/** What a server that is started with these options can do. */
async function capabilities(initializationOptions: unknown): Promise<string[]> {
  const child = spawn(program, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const params = { processId: process.pid, rootUri: null, capabilities: {}, initializationOptions };
  const answer = await connection.sendRequest<{ capabilities: Record<string, unknown> }>(
    "initialize",
    params,
  );
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  connection.dispose();
  return Object.keys(answer.capabilities).filter((name) => name.endsWith("Provider"));
}

test("each feature that can be switched off is one of the server, and there are no others", async () => {
  const names = Object.keys(settings["dockfix.features"]?.properties ?? {});
  const all = await capabilities({});
  for (const name of names) {
    const left = await capabilities({ features: { [name]: false } });
    assert.ok(left.length < all.length, `without ${name}, the server can still do everything`);
  }
  const none = await capabilities({ features: Object.fromEntries(names.map((name) => [name, false])) });
  assert.deepEqual(none, []);
});

test("every setting says what it is for, and the README knows it", () => {
  const readme = readFileSync("README.md", "utf8");
  for (const [name, setting] of Object.entries(settings)) {
    assert.ok(setting.markdownDescription, name);
    assert.notEqual(setting.default, undefined, name);
    assert.ok(readme.includes(`\`${name}\``), `README.md does not name ${name}`);
  }
});
