// What is told about dockfix in the language status.
import { sep } from "node:path";
import {
  DiagnosticSeverity,
  languages,
  LanguageStatusSeverity,
  window,
  Disposable,
  type Diagnostic,
  type Uri,
} from "vscode";
import { DOCUMENTS, type Condition, type Server } from "./server.ts";
import { SECTION } from "./settings.ts";

/** Shows the server's condition, and how many problems the document that is looked at has. */
export function showStatus(server: Server): Disposable {
  const item = languages.createLanguageStatusItem(`${SECTION}.status`, DOCUMENTS);
  item.name = "dockfix";
  item.command = { command: `${SECTION}.showOutput`, title: "Show Output" };
  const update = () => {
    const shown = describe(server.condition, window.activeTextEditor?.document.uri);
    item.busy = server.condition.kind === "starting";
    item.text = shown.text;
    item.detail = shown.detail;
    item.severity =
      server.condition.kind === "failed" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
  };
  update();
  return Disposable.from(
    item,
    server.onDidChange(update),
    languages.onDidChangeDiagnostics(update),
    window.onDidChangeActiveTextEditor(update),
  );
}

function describe(condition: Condition, uri: Uri | undefined): { text: string; detail: string } {
  switch (condition.kind) {
    case "off":
      return { text: "dockfix is off", detail: "" };
    case "starting":
      return { text: "dockfix starts", detail: "" };
    case "failed":
      return { text: "dockfix does not run", detail: condition.why };
    case "running": {
      const { version, path, origin } = condition.binary;
      const problems = uri === undefined ? "" : `: ${count(problemsOf(uri).length, "problem")}`;
      return { text: `dockfix ${version}${problems}`, detail: `${shortened(path)} (${origin})` };
    }
  }
}

/** The end of a path: there is not much room. */
function shortened(file: string): string {
  const parts = file.split(sep);
  return parts.length > 4 ? ["…", ...parts.slice(-3)].join(sep) : file;
}

/** What dockfix found in a document and the list of problems shows: hints are not in it. */
export function problemsOf(uri: Uri): Diagnostic[] {
  const all = languages.getDiagnostics(uri);
  return all.filter((d) => d.source === SECTION && d.severity !== DiagnosticSeverity.Hint);
}

export function count(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
