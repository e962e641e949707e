// What the user set.
import { workspace, type Disposable } from "vscode";
import type { Search } from "./binary.ts";

/** The section of the settings, the id of the language client, the source of diagnostics. */
export const SECTION = "dockfix";

/** The settings that are passed to the server as they are. A test holds them against the server's own list. */
export const SERVER_SETTINGS = ["caches", "features", "ignore", "mirrors", "select", "slim", "today", "uid"];

/** The settings that a server knows from its start only. */
const AT_START = ["enable", "path", "importStrategy", "features"].map((name) => `${SECTION}.${name}`);

export function isEnabled(): boolean {
  return workspace.getConfiguration(SECTION).get("enable", true);
}

/** Where to look for the server. */
export function search(extension: string): Search {
  const settings = workspace.getConfiguration(SECTION);
  return {
    trusted: workspace.isTrusted,
    path: settings.get<string>("path", "").trim(),
    importStrategy: settings.get<Search["importStrategy"]>("importStrategy", "fromEnvironment"),
    folders: (workspace.workspaceFolders ?? [])
      .filter((f) => f.uri.scheme === "file")
      .map((f) => f.uri.fsPath),
    env: process.env,
    extension,
  };
}

/** What the server is told. */
export function forServer(): Record<string, unknown> {
  const settings = workspace.getConfiguration(SECTION);
  return Object.fromEntries(SERVER_SETTINGS.map((name) => [name, settings.get<unknown>(name)]));
}

/** Calls back when a setting changes: whether a running server can take it in, or has to be started anew. */
export function onDidChange(callback: (takes: "running" | "starting") => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (AT_START.some((name) => event.affectsConfiguration(name))) callback("starting");
    else if (event.affectsConfiguration(SECTION)) callback("running");
  });
}
