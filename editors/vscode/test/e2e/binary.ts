// The package without a dockfix of its own.
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { program } from "../unit/dockfix.ts";
import { example } from "./files.ts";
import type { Session } from "./main.ts";
import { waitFor } from "./workbench.ts";

const options = {
  name: "universal",
  kind: "universal" as const,
  files: { Dockerfile: example },
};

async function checks({ editor, window, check, picture }: Session): Promise<void> {
  await check("without any dockfix, that is told", async () => {
    await window.open("Dockerfile");
    await window.notification("comes without dockfix, and there is none in the project or on PATH").waitFor();
    await picture("missing");
    await window.page.locator("#status\\.languageStatus").hover();
    await window.page.locator(".hover-language-status", { hasText: "dockfix does not run" }).waitFor();
  });

  await check("the one of the project is found", async () => {
    const bin = path.join(editor.workspace, ".venv", "bin");
    mkdirSync(bin, { recursive: true });
    copyFileSync(program, path.join(bin, "dockfix"));
    chmodSync(path.join(bin, "dockfix"), 0o755);
    await window.run("dockfix: Restart Server");
    await window.squiggles().first().waitFor();
    assert.deepEqual(
      editor.servers().map((s) => s.program),
      [path.join(bin, "dockfix")],
    );
    rmSync(path.join(editor.workspace, ".venv"), { recursive: true });
  });

  await check("the one that the setting names is taken", async () => {
    editor.set({ "dockfix.path": program });
    await waitFor("that server", () => editor.servers()[0]?.program === program);
    await window.squiggles().first().waitFor();
  });
}

export const checksOfBinary = { options, checks };
