// Fixing a whole document.
import { Uri, window, workspace, type TextDocument } from "vscode";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeActionTriggerKind,
  CreateFile,
  TextDocumentEdit,
  type CodeAction,
  type LanguageClient,
  type WorkspaceEdit,
} from "vscode-languageclient/node";

/** Every safe fix. */
export const SAFE = "source.fixAll.dockfix";
/** Every fix. */
export const UNSAFE = "source.fixAllUnsafe.dockfix";

/** The edit that makes all fixes of a kind; undefined if there is nothing to fix. */
export async function fixes(
  client: LanguageClient,
  document: TextDocument,
  kind: typeof SAFE | typeof UNSAFE,
): Promise<WorkspaceEdit | undefined> {
  const answer = await client.sendRequest(CodeActionRequest.type, {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
    range: { start: { line: 0, character: 0 }, end: { line: document.lineCount, character: 0 } },
    context: { diagnostics: [], only: [kind], triggerKind: CodeActionTriggerKind.Invoked },
  });
  const action = answer?.find((a): a is CodeAction => "kind" in a && a.kind === kind);
  if (action === undefined || action.edit !== undefined) return action?.edit;
  return (await client.sendRequest(CodeActionResolveRequest.type, action)).edit;
}

/** A file that an edit creates. */
export interface NewFile {
  uri: Uri;
  text: string;
}

/** An edit without the files that it creates, and those. The client can take `documentChanges`, so edits come as these. */
export function withoutNewFiles(edit: WorkspaceEdit): { edit: WorkspaceEdit; created: NewFile[] } {
  const changes = edit.documentChanges ?? [];
  const created = changes.filter((c) => CreateFile.is(c)).map(({ uri }) => uri);
  const isNew = (uri: string) => created.includes(uri);
  const edits = changes.filter((c) => TextDocumentEdit.is(c));
  const textOf = (uri: string) =>
    edits
      .filter((e) => e.textDocument.uri === uri)
      .flatMap((e) => e.edits.map((x) => ("newText" in x ? x.newText : "")));
  return {
    edit: { ...edit, documentChanges: edits.filter((e) => !isNew(e.textDocument.uri)) },
    created: created.map((uri) => ({ uri: Uri.parse(uri), text: textOf(uri).join("") })),
  };
}

/** Makes the changes of `edit`. Files that it creates are on the disk at once, and need not be saved. */
export async function apply(client: LanguageClient, edit: WorkspaceEdit): Promise<void> {
  const { edit: rest, created } = withoutNewFiles(edit);
  const converted = await client.protocol2CodeConverter.asWorkspaceEdit(rest);
  for (const { uri, text } of created) {
    converted.createFile(uri, { ignoreIfExists: true, contents: new TextEncoder().encode(text) });
  }
  if (!(await workspace.applyEdit(converted))) {
    void window.showWarningMessage("dockfix: the fixes could not be made; is the file read-only?");
  }
}

/** Makes every safe fix in a document. */
export async function fixAll(client: LanguageClient, document: TextDocument): Promise<void> {
  const { version } = document;
  const edit = await fixes(client, document, SAFE);
  if (edit === undefined)
    void window.showInformationMessage("dockfix: there is nothing that is safe to fix.");
  else if (document.version === version) await apply(client, edit);
  // Somebody types: what was to be fixed is no longer what was asked about.
  else await fixAll(client, document);
}
