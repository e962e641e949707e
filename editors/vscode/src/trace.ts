// The channel that the traffic with the server is written to.
import {
  EventEmitter,
  LogLevel,
  window,
  workspace,
  type Disposable,
  type LogOutputChannel,
  type ViewColumn,
} from "vscode";
import { SECTION } from "./settings.ts";

const SETTING = "trace.server";

/**
 * A channel for the language client, which traces into any channel whose level is `Trace`. Here it is the setting
 * `dockfix.trace.server` that says whether, and nobody has to set a level as well. The channel that people see comes
 * into being with the first line.
 */
export class TraceChannel implements LogOutputChannel {
  readonly name = `${SECTION} trace`;
  readonly #level = new EventEmitter<LogLevel>();
  readonly onDidChangeLogLevel = this.#level.event;
  readonly #watch: Disposable;
  #shown: LogOutputChannel | undefined;

  constructor() {
    this.#watch = workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.${SETTING}`)) this.#level.fire(this.logLevel);
    });
  }

  get logLevel(): LogLevel {
    const wanted = workspace.getConfiguration(SECTION).get<string>(SETTING, "off");
    return wanted === "off" ? LogLevel.Off : LogLevel.Trace;
  }

  get #channel(): LogOutputChannel {
    return (this.#shown ??= window.createOutputChannel(this.name, { log: true }));
  }

  // At the level that a channel shows without being told to.
  trace = (message: string, ...more: unknown[]): void => {
    this.#channel.info(message, ...more);
  };
  debug = this.trace;
  info = this.trace;
  warn = (message: string, ...more: unknown[]): void => {
    this.#channel.warn(message, ...more);
  };
  error = (message: string | Error, ...more: unknown[]): void => {
    this.#channel.error(message, ...more);
  };
  append = (value: string): void => {
    this.#channel.append(value);
  };
  appendLine = (value: string): void => {
    this.#channel.appendLine(value);
  };
  replace = (value: string): void => {
    this.#channel.replace(value);
  };
  clear = (): void => {
    this.#shown?.clear();
  };
  show = (columnOrFocus?: ViewColumn | boolean, preserveFocus?: boolean): void => {
    this.#channel.show(typeof columnOrFocus === "boolean" ? columnOrFocus : preserveFocus);
  };
  hide = (): void => {
    this.#shown?.hide();
  };

  dispose(): void {
    this.#watch.dispose();
    this.#level.dispose();
    this.#shown?.dispose();
  }
}
