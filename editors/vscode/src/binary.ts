// Which dockfix is run. Knows nothing of Visual Studio Code, so that it can be tested without.
import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

/** The oldest dockfix that this extension works with. */
export const MINIMUM_VERSION = "0.1.0";

/** How long a program may take to tell its version, in milliseconds. */
const PATIENCE = 10_000;

const EXECUTABLE = process.platform === "win32" ? "dockfix.exe" : "dockfix";

/** Where a binary was found. */
export type Origin = "dockfix.path" | "virtual environment" | "node_modules" | "PATH" | "bundled";

/** Where to look for it. */
export interface Search {
  /** In a workspace that is not trusted nothing is run that the workspace may have brought or chosen. */
  trusted: boolean;
  /** The setting `dockfix.path`; empty if there is none. */
  path: string;
  importStrategy: "fromEnvironment" | "useBundled";
  /** The folders of the workspace. */
  folders: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** The folder that the extension was installed to. */
  extension: string;
}

/** A dockfix that can be run. */
export interface Binary {
  path: string;
  origin: Origin;
  version: string;
}

/** Why there is none. */
export class BinaryError extends Error {
  readonly kind: "missing" | "broken" | "old";

  constructor(kind: BinaryError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The dockfix to run: that of the setting, of the environment, or the bundled one. */
export async function find(search: Search): Promise<Binary> {
  const place = await locate(search);
  return { ...place, version: await versionOf(place.path, place.origin) };
}

/** Where the bundled one is, in an extension that has one. */
export function bundledPath(extension: string): string {
  return path.join(extension, "bundled", EXECUTABLE);
}

async function locate(search: Search): Promise<{ path: string; origin: Origin }> {
  if (search.trusted && search.path !== "") {
    const named = expand(search.path, search);
    if (await isExecutable(named)) return { path: named, origin: "dockfix.path" };
    throw new BinaryError("missing", `The setting dockfix.path names ${named}, which is no program.`);
  }
  const candidates = search.trusted && search.importStrategy === "fromEnvironment" ? environment(search) : [];
  candidates.push({ path: bundledPath(search.extension), origin: "bundled" });
  for (const candidate of candidates) {
    if (await isExecutable(candidate.path)) return candidate;
  }
  throw new BinaryError("missing", nowhere(search));
}

function nowhere({ trusted, importStrategy }: Search): string {
  const none = "This package of the extension comes without dockfix";
  if (!trusted) return `${none}, and no other is run in a workspace that is not trusted.`;
  if (importStrategy === "useBundled") return `${none}, which the setting dockfix.importStrategy asks for.`;
  return `${none}, and there is none in the project or on PATH.`;
}

/** What the project itself brings comes first: it may be of another version than what is installed for everything. */
function environment({ folders, env }: Search): { path: string; origin: Origin }[] {
  const bin = process.platform === "win32" ? "Scripts" : "bin";
  const places: [Origin, string[]][] = [
    [
      "virtual environment",
      [...folders.flatMap((f) => [path.join(f, ".venv", bin), path.join(f, "venv", bin)])],
    ],
    ["node_modules", folders.map((f) => path.join(f, "node_modules", ".bin"))],
    ["PATH", (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter)],
  ];
  const active = env["VIRTUAL_ENV"];
  if (active !== undefined) places[0]?.[1].unshift(path.join(active, bin));
  return places.flatMap(([origin, all]) =>
    all
      // A relative folder on PATH would be taken from whatever folder the editor was started in.
      .filter((folder) => path.isAbsolute(folder))
      .map((folder) => ({ path: path.join(folder, EXECUTABLE), origin })),
  );
}

/** The path that a setting means. */
export function expand(setting: string, { folders, env }: Pick<Search, "folders" | "env">): string {
  const folder = folders[0];
  const expanded = setting
    .replace(/^~(?=$|[/\\])/, homedir())
    .replaceAll("${userHome}", homedir())
    .replaceAll("${workspaceFolder}", folder ?? "")
    .replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => env[name] ?? "");
  return folder === undefined ? path.normalize(expanded) : path.resolve(folder, expanded);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function versionOf(file: string, origin: Origin): Promise<string> {
  const answer = await promisify(execFile)(file, ["--version"], { timeout: PATIENCE }).catch(
    (error: unknown) => {
      const why = error instanceof Error ? error.message.trim() : String(error);
      throw new BinaryError("broken", `${file} (${origin}) cannot be run: ${why}`);
    },
  );
  const version = /^dockfix (\d+\.\d+\.\d+)/.exec(answer.stdout)?.[1];
  if (version === undefined) {
    const said = answer.stdout.split("\n", 1)[0]?.slice(0, 80) ?? "";
    throw new BinaryError(
      "broken",
      `${file} (${origin}) is not dockfix: asked for its version, it says “${said}”.`,
    );
  }
  if (isOlder(version, MINIMUM_VERSION)) {
    const needs = `this extension needs ${MINIMUM_VERSION} or newer`;
    throw new BinaryError("old", `dockfix ${version} (${origin}: ${file}) is too old: ${needs}.`);
  }
  return version;
}

/** Whether version `a` comes before `b`. */
export function isOlder(a: string, b: string): boolean {
  return a.localeCompare(b, "en", { numeric: true }) < 0;
}
