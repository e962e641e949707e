// Unsafe fixes are shown before they are made.
import {
  commands,
  EventEmitter,
  Position,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type TextDocumentContentProvider,
} from "vscode";
import {
  TextDocumentEdit,
  type LanguageClient,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageclient/node";
import { apply, fixes, UNSAFE, withoutNewFiles } from "./fixes.ts";

const SCHEME = "dockfix-preview";

/** What is shown of a document. */
interface Shown {
  document: TextDocument;
  /** The version of the document that the edit is for. */
  version: number;
  edit: WorkspaceEdit;
  text: string;
}

/** Shows a document beside what all fixes make of it, the unsafe ones too, and makes them when told to. */
export class Preview implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  /** By the address of the right side. */
  readonly #shown = new Map<string, Shown>();
  readonly #registrations: Disposable[];

  constructor() {
    this.#registrations = [
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) {
          if (input instanceof TabInputTextDiff) this.#shown.delete(input.modified.toString());
        }
      }),
    ];
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#shown.get(uri.toString())?.text ?? "";
  }

  /** Shows what would become of a document. */
  async show(client: LanguageClient, document: TextDocument): Promise<void> {
    const { version } = document;
    const edit = await fixes(client, document, UNSAFE);
    if (edit === undefined) {
      void window.showInformationMessage("dockfix: there is nothing to fix.");
      return;
    }
    const uri = Uri.from({ scheme: SCHEME, path: document.uri.path, query: document.uri.toString() });
    const { edit: own, created } = withoutNewFiles(edit);
    const changes = [...(own.documentChanges ?? [])].filter((c) => TextDocumentEdit.is(c));
    const edits = changes.flatMap((c) => c.edits.filter((e): e is TextEdit => "newText" in e));
    this.#shown.set(uri.toString(), { document, version, edit, text: edited(document, edits) });
    this.#changed.fire(uri);
    await commands.executeCommand(
      "vscode.diff",
      document.uri,
      uri,
      `${nameOf(document.uri)}: all fixes, including unsafe`,
      {
        preview: true,
      },
    );
    void this.#ask(
      client,
      uri,
      created.map((file) => nameOf(file.uri)),
    );
  }

  async #ask(client: LanguageClient, uri: Uri, created: string[]): Promise<void> {
    const also = created.length === 0 ? "" : ` ${created.join(" and ")} will be written too.`;
    const text = `Unsafe fixes change what is in the image or how it runs: build and try it.${also}`;
    const answer = await window.showInformationMessage(text, "Apply", "Discard");
    if (answer === "Apply") await this.apply(client, uri);
    if (answer === "Discard") await close(uri);
  }

  /** Makes the fixes that are shown at `uri`; shows them anew if the document is another one by now. */
  async apply(client: LanguageClient, uri: Uri | undefined): Promise<void> {
    const shown = uri && this.#shown.get(uri.toString());
    if (uri === undefined || shown === undefined) return;
    if (shown.document.isClosed || shown.document.version !== shown.version) {
      void window.showWarningMessage("The file has changed: look at the fixes again.");
      await this.show(client, await workspace.openTextDocument(shown.document.uri));
      return;
    }
    await apply(client, shown.edit);
    await close(uri);
    await window.showTextDocument(shown.document);
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
  }
}

function nameOf(uri: Uri): string {
  return uri.path.split("/").at(-1) ?? "";
}

/** The text of a document after `edits`. */
function edited(document: TextDocument, edits: TextEdit[]): string {
  const offset = ({ line, character }: { line: number; character: number }) =>
    document.offsetAt(new Position(line, character));
  // From the end, so that what is still to be replaced stays where it is.
  const fromEnd = edits.toSorted((a, b) => offset(a.range.start) - offset(b.range.start)).reverse();
  return fromEnd.reduce(
    (text, { range, newText }) =>
      text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end)),
    document.getText(),
  );
}

/** Closes the tab whose right side is `uri`. */
async function close(uri: Uri): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const mine = tabs.filter(
    ({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === uri.toString(),
  );
  await window.tabGroups.close(mine);
}
