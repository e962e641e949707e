// dockfix in Visual Studio Code: starts the language server, and offers what no language server can.
import {
  commands,
  languages,
  Uri,
  ViewColumn,
  window,
  workspace,
  type ExtensionContext,
  type TextDocument,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { printDebugInformation } from "./debug.ts";
import { fixAll } from "./fixes.ts";
import { Preview } from "./preview.ts";
import { DOCUMENTS, Server } from "./server.ts";
import { showStatus } from "./status.ts";
import { TraceChannel } from "./trace.ts";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("dockfix", { log: true });
  const trace = new TraceChannel();
  const started = new Server(context.extensionPath, output, trace);
  const preview = new Preview();
  server = started;

  /** A command on the Dockfile that is looked at. */
  const onDocument = (run: (client: LanguageClient, document: TextDocument) => Promise<void>) => async () => {
    // The walkthrough has the focus when one of its buttons is pressed; the example is beside it.
    const seen = [window.activeTextEditor, ...window.visibleTextEditors].map((editor) => editor?.document);
    const document = seen.find((d) => d !== undefined && languages.match(DOCUMENTS, d) > 0);
    if (document === undefined) {
      void window.showInformationMessage("dockfix: open a Dockerfile first.");
    } else if (started.client === undefined) {
      void window.showWarningMessage("dockfix does not run; see its output.");
    } else {
      await run(started.client, document);
    }
  };
  const all: Record<string, (...given: never[]) => unknown> = {
    fixAll: onDocument(fixAll),
    fixAllUnsafe: onDocument((client, document) => preview.show(client, document)),
    applyPreview: async (uri?: Uri) => {
      if (started.client) await preview.apply(started.client, uri ?? window.activeTextEditor?.document.uri);
    },
    restart: () => started.restart(),
    showOutput: () => {
      output.show();
    },
    printDebugInformation: () => {
      printDebugInformation(context, started, output);
    },
    openExample: () => openExample(context),
  };
  const registered = Object.entries(all).map(([name, run]) =>
    commands.registerCommand(`dockfix.${name}`, run),
  );
  context.subscriptions.push(output, trace, started, preview, showStatus(started), ...registered);
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Opens the walkthrough's Dockerfile, as a document that is not saved anywhere. */
async function openExample({ extensionUri }: ExtensionContext): Promise<void> {
  const file = Uri.joinPath(extensionUri, "walkthrough", "Dockerfile");
  const content = new TextDecoder().decode(await workspace.fs.readFile(file));
  const document = await workspace.openTextDocument({ language: "dockerfile", content });
  await window.showTextDocument(document, ViewColumn.Beside);
}
