// A workspace that is not trusted.
import assert from "node:assert/strict";
import { program } from "../unit/dockfix.ts";
import { example } from "./files.ts";
import type { Session } from "./main.ts";
import { waitFor } from "./workbench.ts";

const options = {
  name: "trust",
  kind: "bundled" as const,
  trust: false,
  files: {
    Dockerfile: example,
    ".vscode/settings.json": JSON.stringify({ "dockfix.path": "${workspaceFolder}/dockfix" }),
  },
  settings: {
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
  },
};

async function checks({ editor, window, check, picture }: Session): Promise<void> {
  await check("a workspace that is not trusted gets the bundled dockfix, whatever it asks for", async () => {
    editor.program("dockfix", `touch run; exec ${program} "$@"`);
    await window.open("Dockerfile");
    await window.squiggles().first().waitFor();
    await window.status("Restricted Mode").waitFor();
    assert.match(editor.servers()[0]?.program ?? "", /bundled\/dockfix$/);
    assert.throws(() => editor.read("run"), "its own program was not run");
    await picture("restricted");
  });

  await check("once it is trusted, its settings count", async () => {
    await window.run("Workspaces: Manage Workspace Trust");
    await window.page
      .locator(".workspace-trust-editor")
      .getByRole("button", { name: /^Trust$/ })
      .click();
    await waitFor("its own program", () => editor.servers().some((s) => s.program === program));
    editor.read("run");
  });
}

export const checksOfTrust = { options, checks };
