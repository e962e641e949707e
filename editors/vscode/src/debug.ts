// What somebody who looks into a problem wants to know.
import { env, version, workspace, type ExtensionContext, type LogOutputChannel } from "vscode";
import type { Server } from "./server.ts";
import { SECTION } from "./settings.ts";
import { problemsOf } from "./status.ts";

/** Writes it to the output channel, and shows that. */
export function printDebugInformation(
  { extension }: ExtensionContext,
  server: Server,
  output: LogOutputChannel,
): void {
  const documents = workspace.textDocuments.filter((d) => d.languageId === "dockerfile");
  const { version: own } = extension.packageJSON as { version: string };
  const information = {
    editor: `${env.appName} ${version} (${env.appHost}${env.remoteName === undefined ? "" : `, ${env.remoteName}`})`,
    platform: `${process.platform} ${process.arch}`,
    extension: `${own} in ${extension.extensionPath}`,
    workspaceTrusted: workspace.isTrusted,
    folders: workspace.workspaceFolders?.map((f) => f.uri.toString()) ?? [],
    settings: workspace.getConfiguration(SECTION),
    server: server.condition,
    serverInfo: server.client?.initializeResult?.serverInfo,
    capabilities: server.client?.initializeResult?.capabilities,
    documents: documents.map((d) => ({
      uri: d.uri.toString(),
      version: d.version,
      lines: d.lineCount,
      problems: problemsOf(d.uri).length,
    })),
  };
  output.info(`Debug information\n${JSON.stringify(information, undefined, 2)}`);
  output.show();
}
