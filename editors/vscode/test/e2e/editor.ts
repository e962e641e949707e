// Visual Studio Code with an extension, a folder and settings of its own: code-server, on a free port.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";

/** Settings that keep the editor from talking of anything else, and from asking anybody. */
const QUIET = {
  "chat.disableAIFeatures": true,
  "editor.inlayHints.enabled": "off",
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

export interface EditorOptions {
  /** What it writes goes below this folder. */
  folder: string;
  vsix: string;
  /** The files of the workspace, by their names. */
  files: Record<string, string>;
  settings?: Record<string, unknown>;
  /** Whether every workspace is trusted; otherwise somebody has to say so. */
  trust?: boolean;
}

export class Editor {
  readonly workspace: string;
  readonly #options: EditorOptions;
  readonly #data: string;
  readonly #extensions: string;
  #process: ChildProcess | undefined;
  #log = "";

  constructor(options: EditorOptions) {
    this.#options = options;
    this.workspace = path.join(options.folder, "project");
    this.#data = path.join(options.folder, "data");
    this.#extensions = path.join(options.folder, "extensions");
    rmSync(options.folder, { recursive: true, force: true });
    for (const folder of [this.workspace, this.#extensions]) mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(options.files)) this.write(name, text);
    this.#writeSettings("User", { ...QUIET, ...options.settings });
    this.set({});
    this.#call(["--install-extension", options.vsix], (args, env) => {
      execFileSync(process.execPath, args, { env, stdio: "pipe" });
    });
  }

  #call(args: string[], run: (args: string[], env: NodeJS.ProcessEnv) => void): void {
    const entry = process.env["CODE_SERVER"];
    if (entry === undefined) throw new Error("CODE_SERVER has to name code-server's entry.js (see test.sh)");
    const places = ["--user-data-dir", this.#data, "--extensions-dir", this.#extensions];
    // Nothing of the person's who runs the test (who may have a dockfix), and no gallery to ask.
    const home = { HOME: this.#data, XDG_CONFIG_HOME: this.#data, PATH: "/usr/bin:/bin", VIRTUAL_ENV: "" };
    const own = { DOCKFIX_TEST_EDITOR: this.#options.folder, EXTENSIONS_GALLERY: "{}" };
    run([entry, ...places, ...args], { ...process.env, ...home, ...own });
  }

  /** Starts it; the answer is its address. */
  async start(): Promise<string> {
    const trust = this.#options.trust === false ? [] : ["--disable-workspace-trust"];
    const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"];
    const args = ["--auth", "none", "--bind-addr", "127.0.0.1:0", ...trust, ...quiet, this.workspace];
    this.#call(args, (all, env) => {
      this.#process = spawn(process.execPath, all, { env, stdio: ["ignore", "pipe", "pipe"] });
    });
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer) => {
        this.#log += chunk.toString();
        const address = /listening on (http:\S+?)\/?\s/.exec(this.#log)?.[1];
        if (address !== undefined) resolve(`${address}/?folder=${encodeURIComponent(this.workspace)}`);
      };
      this.#process?.stdout?.on("data", take);
      this.#process?.stderr?.on("data", take);
      this.#process?.once("exit", () => {
        reject(new Error(`code-server ended:\n${this.#log}`));
      });
    });
  }

  async stop(): Promise<void> {
    writeFileSync(path.join(this.#options.folder, "code-server.log"), this.#log);
    const process = this.#process;
    if (process?.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill();
    await ended;
  }

  /** Sets what is set for this machine, besides what was set from the start. */
  set(settings: Record<string, unknown>): void {
    this.#writeSettings("Machine", settings);
  }

  #writeSettings(place: "User" | "Machine", settings: Record<string, unknown>): void {
    const folder = path.join(this.#data, place);
    mkdirSync(folder, { recursive: true });
    // In one step, so that nobody reads the half of it.
    writeFileSync(path.join(folder, "new"), JSON.stringify(settings, undefined, 2));
    renameSync(path.join(folder, "new"), path.join(folder, "settings.json"));
  }

  /** The text of a file of the workspace, as it was saved. */
  read(name: string): string {
    return readFileSync(path.join(this.workspace, name), "utf8");
  }

  write(name: string, text: string): void {
    const file = path.join(this.workspace, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Puts a shell script there. */
  program(name: string, script: string): void {
    this.write(name, `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(this.workspace, name), 0o755);
  }

  /** What the output channel of that name has been told. */
  log(channel: string): string {
    const logs = path.join(this.#data, "logs");
    const files = readdirSync(logs, { recursive: true, encoding: "utf8" });
    const own = files.filter((f) => path.basename(f) === `${channel}.log`);
    return own.map((f) => readFileSync(path.join(logs, f), "utf8")).join("\n");
  }

  /** The language servers that run: their process ids and programs. */
  servers(): { pid: string; program: string }[] {
    const mine = `DOCKFIX_TEST_EDITOR=${this.#options.folder}\0`;
    return readdirSync("/proc").flatMap((pid) => {
      try {
        const isServer = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[1] === "lsp";
        const isMine = isServer && readFileSync(`/proc/${pid}/environ`, "utf8").includes(mine);
        return isMine ? [{ pid, program: readlinkSync(`/proc/${pid}/exe`) }] : [];
      } catch {
        // Not a process, or one that has just ended.
        return [];
      }
    });
  }
}
