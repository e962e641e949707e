// Settings, and what changes with them.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import * as path from "node:path";
import { example } from "./files.ts";
import type { Session } from "./main.ts";
import { waitFor } from "./workbench.ts";

const options = { name: "settings", kind: "bundled" as const, files: { Dockerfile: example } };

async function checks({ editor, window, check, picture }: Session): Promise<void> {
  /** Whether the list of problems has one of a rule. */
  const has = async (rule: string) => (await window.problems()).some((p) => p.includes(`dockfix${rule}[`));
  const pid = () => editor.servers()[0]?.pid;

  await check("select and ignore are taken in while the server runs", async () => {
    await window.open("Dockerfile");
    await window.squiggles().first().waitFor();
    const before = pid();
    await window.withProblems("Dockerfile", async () => {
      await waitFor("pip-cache", () => has("pip-cache"));
      editor.set({ "dockfix.ignore": ["DL3042"] });
      await waitFor("no pip-cache", async () => !(await has("pip-cache")));
      assert.ok(await has("maintainer"));
      editor.set({ "dockfix.select": ["pip-cache"] });
      await waitFor("pip-cache alone", async () => (await has("pip-cache")) && !(await has("maintainer")));
      editor.set({});
      await waitFor("maintainer", () => has("maintainer"));
    });
    assert.equal(pid(), before);
  });

  await check("a dockfix.toml counts where the settings say nothing", async () => {
    await window.withProblems("Dockerfile", async () => {
      editor.write("dockfix.toml", 'select = ["maintainer"]\n');
      await waitFor("maintainer alone", async () => (await has("maintainer")) && !(await has("pip-cache")));
      editor.set({ "dockfix.select": ["pip-cache"] });
      await waitFor("pip-cache alone", async () => (await has("pip-cache")) && !(await has("maintainer")));
      editor.set({});
      await waitFor("maintainer alone", async () => (await has("maintainer")) && !(await has("pip-cache")));
      rmSync(path.join(editor.workspace, "dockfix.toml"));
      await waitFor("both", async () => (await has("maintainer")) && (await has("pip-cache")));
    });
  });

  await check("a name that no rule has is told", async () => {
    editor.set({ "dockfix.ignore": ["pip-cahce"] });
    await window.notification("no rule is called `pip-cahce`").waitFor();
    editor.set({});
    await window.run("Notifications: Clear All Notifications");
  });

  await check("a feature is switched off", async () => {
    const before = pid();
    editor.set({ "dockfix.features": { hover: false } });
    await waitFor("another server", () => editor.servers().length === 1 && pid() !== before);
    await window.open("Dockerfile");
    await window.goto(9, 7);
    await window.run("Show or Focus Hover");
    const hover = window.page.locator(".monaco-hover:visible", { hasText: "pip keeps its download cache" });
    await hover.waitFor();
    assert.ok(!(await hover.innerText()).includes("pip stores what it downloads"));
    await window.press("Escape");
    editor.set({});
  });

  await check("the traffic is traced", async () => {
    editor.set({ "dockfix.trace.server": "verbose" });
    await window.open("Dockerfile");
    await waitFor("the trace", async () => {
      // Something has to be said first: the cursor moves.
      await window.goto(1, 1);
      await window.goto(2, 1);
      return editor.log("dockfix trace").includes("Sending request 'textDocument/codeAction");
    });
    assert.match(editor.log("dockfix trace"), /Params: \{/);
    editor.set({});
  });

  await check("dockfix is switched off and on", async () => {
    editor.set({ "dockfix.enable": false });
    await waitFor("no server", () => editor.servers().length === 0);
    await waitFor("no squiggles", async () => (await window.squiggles().count()) === 0);
    editor.set({});
    await window.squiggles().first().waitFor();
    assert.equal(editor.servers().length, 1);
  });

  await check("a path that leads nowhere is told, and can be taken back", async () => {
    editor.set({ "dockfix.path": "/no/such/dockfix" });
    const message = window.notification("dockfix.path names /no/such/dockfix, which is no program");
    await message.waitFor();
    await picture("broken-path");
    assert.equal(editor.servers().length, 0, "nothing else is run instead");
    await message.getByRole("button", { name: "Open Setting" }).click();
    await window.page.locator(".settings-editor .setting-item", { hasText: "Path" }).first().waitFor();
    await window.press("Escape");
    await window.run("dockfix: Restart Server");
    await message.getByRole("button", { name: "Do Not Use This Path" }).click();
    await window.squiggles().first().waitFor();
  });

  await check("a dockfix that is too old, and another program, are told", async () => {
    editor.program("old/dockfix", "echo dockfix 0.0.9");
    editor.set({ "dockfix.path": "old/dockfix" });
    await window.notification(/dockfix 0\.0\.9 .* is too old: this extension needs/).waitFor();
    editor.program("other/dockfix", "echo I mend docks");
    editor.set({ "dockfix.path": "${workspaceFolder}/other/dockfix" });
    await window.notification("is not dockfix").waitFor();
    editor.set({});
    await window.squiggles().first().waitFor();
  });
}

export const checksOfSettings = { options, checks };
