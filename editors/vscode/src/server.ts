// The language server's life.
import { EventEmitter, workspace, type Disposable, type LogOutputChannel } from "vscode";
import {
  DidChangeConfigurationNotification,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";
import { BinaryError, find, type Binary } from "./binary.ts";
import { explain } from "./messages.ts";
import { serialized } from "./serial.ts";
import { forServer, isEnabled, onDidChange, search, SECTION } from "./settings.ts";
import type { TraceChannel } from "./trace.ts";

/** The documents that dockfix looks at. */
export const DOCUMENTS = [
  { language: "dockerfile", scheme: "file" },
  { language: "dockerfile", scheme: "untitled" },
];

/** How the server is. */
export type Condition =
  | { kind: "off" }
  | { kind: "starting" }
  | { kind: "running"; binary: Binary }
  | { kind: "failed"; why: string };

/** Starts the server, and starts it anew when that is asked for or a setting wants it. */
export class Server implements Disposable {
  readonly #changed = new EventEmitter<Condition>();
  readonly onDidChange = this.#changed.event;
  readonly #extension: string;
  readonly #output: LogOutputChannel;
  readonly #trace: TraceChannel;
  readonly #watches: Disposable[];
  #condition: Condition = { kind: "off" };
  #client: LanguageClient | undefined;

  constructor(extension: string, output: LogOutputChannel, trace: TraceChannel) {
    this.#extension = extension;
    this.#output = output;
    this.#trace = trace;
    this.#watches = [
      onDidChange((takes) => void (takes === "starting" ? this.restart() : this.#tellOfChange())),
      workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
    ];
  }

  get condition(): Condition {
    return this.#condition;
  }

  /** The client of the server that runs. */
  get client(): LanguageClient | undefined {
    return this.#condition.kind === "running" ? this.#client : undefined;
  }

  /** Stops the server if there is one, and starts one if one is wanted. Never fails; see `condition`. */
  readonly restart = serialized(async () => {
    await this.stop();
    if (!isEnabled()) return;
    this.#become({ kind: "starting" });
    try {
      const binary = await find(search(this.#extension));
      this.#output.info(`dockfix ${binary.version} (${binary.origin}): ${binary.path}`);
      await this.#start(binary);
    } catch (error) {
      this.#fail(error);
    }
  });

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#become({ kind: "off" });
    // One that never came up, or has ended itself, cannot be stopped; all it leaves behind is the message.
    await client?.dispose().catch((error: unknown) => {
      this.#output.debug(`stopping: ${String(error)}`);
    });
  }

  async #start(binary: Binary): Promise<void> {
    const client = new LanguageClient(
      SECTION,
      "dockfix",
      { command: binary.path, args: ["lsp"] },
      {
        documentSelector: DOCUMENTS,
        outputChannel: this.#output,
        traceOutputChannel: this.#trace,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: forServer,
        initializationFailedHandler: () => false,
        middleware: {
          workspace: {
            configuration: ({ items }) => items.map((i) => (i.section === SECTION ? forServer() : null)),
          },
        },
      },
    );
    this.#client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.#client !== client) return;
      if (newState === State.Running) this.#become({ kind: "running", binary });
      if (newState === State.Starting) this.#become({ kind: "starting" });
      if (newState === State.Stopped) this.#become({ kind: "failed", why: "The server has ended." });
    });
    await client.start();
  }

  /** Has the server ask for its settings. */
  async #tellOfChange(): Promise<void> {
    await this.client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  #fail(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#output.error(why);
    this.#become({ kind: "failed", why });
    void explain(
      error instanceof BinaryError ? error : new Error(`dockfix does not start: ${why}`),
      this.#output,
    );
  }

  #become(condition: Condition): void {
    this.#condition = condition;
    this.#changed.fire(condition);
  }

  dispose(): void {
    for (const watch of this.#watches) watch.dispose();
    this.#changed.dispose();
  }
}
