// The extension's own commands, and the language status.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { dockfix } from "../unit/dockfix.ts";
import { application, example } from "./files.ts";
import type { Session } from "./main.ts";
import { waitFor } from "./workbench.ts";

const project = { ...application, Dockerfile: example };
const options = {
  name: "commands",
  kind: "bundled" as const,
  files: {
    ...project,
    ...Object.fromEntries(Object.entries(project).map(([name, text]) => [`unsafe/${name}`, text])),
    ".vscode/tasks.json": JSON.stringify({
      version: "2.0.0",
      tasks: [
        {
          label: "check",
          type: "shell",
          command: "cat report.txt",
          problemMatcher: "$dockfix",
          // The list of problems is what is looked at.
          presentation: { reveal: "never" },
        },
      ],
    }),
  },
};

/** What dockfix makes of a Dockerfile among other files. */
function fixed(files: Record<string, string>, ...more: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "dockfix-fixed-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  dockfix(["--fix", "--no-config", ...more, "Dockerfile"], { cwd: folder });
  const text = readFileSync(path.join(folder, "Dockerfile"), "utf8");
  rmSync(folder, { recursive: true });
  return text;
}

async function checks({ editor, window, check, picture }: Session): Promise<void> {
  const { page } = window;

  await check("all commands are there", async () => {
    await window.open("Dockerfile");
    await window.squiggles().first().waitFor();
    const offered = await window.offered("dockfix:");
    for (const title of [
      "Fix All",
      "Fix All, Including Unsafe…",
      "Restart Server",
      "Show Output",
      "Print Debug Information",
      "Open an Example",
    ]) {
      assert.ok(
        offered.some((o) => o.startsWith(`dockfix: ${title}`)),
        title,
      );
    }
    assert.ok(!offered.some((o) => o.includes("Apply These Fixes")), "there is nothing to apply yet");
  });

  await check("the language status tells version, path and number of problems", async () => {
    await page.locator("#status\\.languageStatus").click();
    const status = page.locator(".hover-language-status");
    await status.filter({ hasText: /dockfix \d+\.\d+\.\d+: \d+ problems/ }).waitFor();
    await status.filter({ hasText: "bundled/dockfix (bundled)" }).waitFor();
    await picture("status");
    await window.press("Escape");
  });

  await check("Fix All makes the safe fixes", async () => {
    const expected = fixed(project);
    await window.run("dockfix: Fix All");
    await window.expectText(expected);
    await window.run("dockfix: Fix All");
    await window.notification("nothing that is safe to fix").waitFor();
  });

  const unsafe = path.join(editor.workspace, "unsafe");
  await check("Fix All, Including Unsafe shows the difference first, and applies it", async () => {
    const expected = fixed(project, "--unsafe-fixes");
    await window.open(path.join("unsafe", "Dockerfile"));
    await window.squiggles().first().waitFor();
    await window.run("dockfix: Fix All, Including Unsafe…");
    const diff = page.locator(".monaco-diff-editor");
    const right = diff.locator(".editor.modified");
    await window.expectText(expected, right);
    assert.equal(await window.text(diff.locator(".editor.original")), example);
    const message = window.notification("Unsafe fixes change what is in the image");
    await message.filter({ hasText: ".dockerignore will be written too" }).waitFor();
    await picture("unsafe");
    assert.equal(editor.read("unsafe/Dockerfile"), example, "nothing is changed yet");
    await message.getByRole("button", { name: "Apply" }).click();
    await diff.waitFor({ state: "detached" });
    await window.expectText(expected);
    await waitFor(".dockerignore", () => existsSync(path.join(unsafe, ".dockerignore")));
    await window.press("Control+S");
    await waitFor("the saved file", () => editor.read("unsafe/Dockerfile") === expected);
  });

  await check(
    "a preview of a document that has changed is shown anew, and has a button of its own",
    async () => {
      await window.open("Dockerfile");
      await window.run("dockfix: Fix All, Including Unsafe…");
      const right = page.locator(".monaco-diff-editor .editor.modified");
      await waitFor("the right side", async () => (await window.text(right)).includes("slim"));
      await page.locator(".monaco-diff-editor .editor.original .view-line").first().click();
      await window.press("Control+Home");
      await window.type("# typed meanwhile\n");
      await page.locator(".editor-actions").getByRole("button", { name: "Apply These Fixes" }).click();
      await window.notification("The file has changed: look at the fixes again.").waitFor();
      await waitFor("the new text", async () => (await window.text(right)).startsWith("# typed meanwhile\n"));
      await page.locator(".editor-actions").getByRole("button", { name: "Apply These Fixes" }).click();
      await page.locator(".monaco-diff-editor").waitFor({ state: "detached" });
      await waitFor("the fixes", async () => (await window.text()).includes("python:3.12-slim"));
      await window.run("Notifications: Clear All Notifications");
    },
  );

  await check("the server is restarted, and never runs twice", async () => {
    const before = editor.servers();
    assert.equal(before.length, 1);
    for (let i = 0; i < 4; i++) await window.run("dockfix: Restart Server");
    await waitFor("one new server", () => {
      const now = editor.servers();
      return now.length === 1 && now[0]?.pid !== before[0]?.pid;
    });
    await window.open("app.py");
    await window.open(path.join("unsafe", "Dockerfile"));
    await window.goto(1, 1);
    await window.type("x");
    await window.squiggles().first().waitFor();
    await window.press("Control+Z");
  });

  await check("a server that dies is started again", async () => {
    const before = editor.servers().map((s) => s.pid);
    assert.equal(before.length, 1);
    process.kill(Number(before[0]), "SIGKILL");
    await waitFor("another server", () => {
      const now = editor.servers().map((s) => s.pid);
      return now.length === 1 && now[0] !== before[0];
    });
  });

  await check("Print Debug Information and Show Output", async () => {
    await window.run("dockfix: Print Debug Information");
    const output = page.locator(".output-view, .panel").locator(".view-lines");
    await waitFor("the output", async () => (await output.allInnerTexts()).join("").includes('"problems"'));
    const logs = editor.log("dockfix");
    assert.match(logs, /"serverInfo": \{\s*"name": "dockfix"/);
    assert.match(logs, /"origin": "bundled"/);
    assert.match(logs, /"workspaceTrusted": true/);
    await window.run("View: Hide Panel");
    await window.run("dockfix: Show Output");
    await output.first().waitFor();
    await window.run("View: Hide Panel");
  });

  await check("what a task prints becomes problems", async () => {
    const args = ["-", "--no-config", "--color", "always", "--stdin-filename", "unsafe/requirements.txt"];
    const report = dockfix(args, { input: example });
    assert.ok(report.includes("\x1b["), "it has colours, as in a terminal");
    editor.write("report.txt", report);
    await window.run("Tasks: Run Task");
    await window.choose(/^check/);
    await window.withProblems("requirements.txt", async () => {
      const pip = /^pip keeps its download cache in this layerdockfixpip-cache\[Ln 9, Col 5\]$/;
      await waitFor("the problems", async () => (await window.problems()).some((p) => pip.test(p)));
      // Seven, and two hints, which come as information.
      await waitFor("all of them", async () => (await window.problems()).length === 9);
      await picture("task");
    });
  });

  await check("the walkthrough opens, its example is a Dockerfile with problems", async () => {
    await window.run("View: Toggle Primary Side Bar Visibility");
    await window.run("Welcome: Open Walkthrough...");
    await window.choose(/Fix your first Dockerfile/);
    const step = page.locator(".getting-started-step.expanded", { hasText: "Open a Dockerfile" });
    await step.waitFor();
    const media = page
      .locator(".getting-started-media iframe")
      .contentFrame()
      .locator("iframe")
      .contentFrame();
    await media.getByText("pip install -r requirements.txt").waitFor();
    await picture("walkthrough");
    await page.getByRole("button", { name: "Open an example" }).click();
    await window.expectText(example);
    await window.squiggles().first().waitFor();
  });

  await check("the walkthrough's buttons work on the example beside it", async () => {
    await page.locator(".getting-started-step", { hasText: "Fix what is safe to fix" }).click();
    await page.getByRole("button", { name: "Fix All", exact: true }).click();
    await window.expectText(fixed({ Dockerfile: example }));
    await picture("walkthrough-fixed");
  });
}

export const checksOfCommands = { options, checks };
