// What is seen and done in an editor with a Dockerfile.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { dockfix } from "../unit/dockfix.ts";
import { application, example, letters, stages } from "./files.ts";
import type { Session } from "./main.ts";
import { waitFor } from "./workbench.ts";

const names = [
  "Containerfile",
  "Containerfile.prod",
  "Dockerfile.dev",
  "api.Dockerfile",
  "worker.dockerfile",
];

const options = {
  name: "editing",
  kind: "bundled" as const,
  files: {
    ...application,
    ".dockerignore": ".git\n",
    Dockerfile: example,
    "Dockerfile.onsave": example,
    "Dockerfile.layout": "FROM python:3.12-slim\nrun pip install flask\nUSER nobody\n",
    "Dockerfile.stages": stages,
    "Dockerfile.letters": letters,
    "Dockerfile.dockerignore": "from\n",
    ...Object.fromEntries(names.map((name) => [name, example])),
  },
  settings: {
    "[dockerfile]": {
      "editor.codeActionsOnSave": { "source.fixAll.dockfix": "explicit" },
      "editor.defaultFormatter": "dockfix.dockfix",
      "editor.formatOnSave": true,
    },
  },
};

/** What the list of problems has to show of a file: dockfix itself says it, hints aside. */
function expectedProblems(cwd: string, name: string): string[] {
  const all = JSON.parse(dockfix([name, "--no-config", "--format", "json"], { cwd })) as {
    severity: string;
    rule: string;
    message: string;
    span: { start: { line: number; column: number } };
  }[];
  return all
    .filter((f) => f.severity !== "hint")
    .map(
      ({ message, rule, span: { start } }) =>
        `${message}dockfix${rule}[Ln ${start.line}, Col ${start.column}]`,
    );
}

async function checks({ editor, window, check, picture }: Session): Promise<void> {
  await check("a Dockerfile is underlined, the Problems list has what the command line finds", async () => {
    await window.open("Dockerfile");
    await window.squiggles().first().waitFor();
    const expected = expectedProblems(editor.workspace, "Dockerfile");
    assert.ok(expected.length >= 7);
    await window.withProblems("Dockerfile", async () => {
      await waitFor("all problems", async () => (await window.problems()).length === expected.length);
      assert.deepEqual((await window.problems()).sort(), expected.sort());
      await picture("problems");
    });
  });

  await check("hover explains the rule", async () => {
    await window.open("Dockerfile");
    await window.goto(9, 7);
    await window.run("Show or Focus Hover");
    const hover = window.page.locator(".monaco-hover:visible");
    await hover.filter({ hasText: "pip stores what it downloads" }).waitFor();
    await hover.filter({ hasText: "pip keeps its download cache in this layer" }).waitFor();
    await hover.locator(".monaco-tokenized-source").first().waitFor();
    await picture("hover");
    await window.press("Escape");
  });

  await check("a quick fix from the light bulb", async () => {
    await window.open("Dockerfile");
    await window.goto(2, 1);
    const bulb = window.page.locator(".lightBulbWidget:visible, [class*=gutter-lightbulb]:visible").first();
    const height = async (what: Locator) => (await what.boundingBox())?.y ?? Infinity;
    const cursor = window.page.locator(".monaco-editor .cursor").first();
    // Until then it is that of the line where the cursor was.
    await waitFor("the light bulb beside the cursor", async () => {
      return (await bulb.count()) > 0 && Math.abs((await height(bulb)) - (await height(cursor))) < 30;
    });
    // Without scrolling it into view, which would move the text below it.
    await bulb.click({ force: true });
    const title = "Write it as the label `org.opencontainers.image.authors`";
    await window.page.locator(".action-widget", { hasText: title }).waitFor();
    await picture("light-bulb");
    await window.takeAction(title);
    const label = 'LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"';
    await waitFor("the label", async () => (await window.text()).split("\n")[1] === label);
    assert.equal(editor.read("Dockerfile"), example, "nothing is saved by a fix");
    await window.press("Control+Z");
    await waitFor("undo", async () => (await window.text()).includes("MAINTAINER"));
  });

  await check("saving fixes what is safe, and nothing else", async () => {
    await window.open("Dockerfile.onsave");
    await window.squiggles().first().waitFor();
    await window.goto(1, 1);
    await window.type("# saved\n");
    await window.press("Control+S");
    await waitFor("the saved file", () => editor.read("Dockerfile.onsave").includes("--no-cache-dir"));
    const saved = editor.read("Dockerfile.onsave");
    assert.match(saved, /^# saved\nFROM python:3.12\nLABEL /);
    assert.match(saved, /CMD \["python", "app.py"\]\n$/);
    assert.doesNotMatch(saved, /slim|USER|PYTHONUNBUFFERED/, "unsafe fixes are not made on save");
  });

  await check("formatting changes the layout alone", async () => {
    await window.open("Dockerfile.layout");
    await window.squiggles().first().waitFor();
    await window.run("Format Document");
    const expected = "FROM python:3.12-slim\nRUN pip install flask\nUSER nobody\n";
    await window.expectText(expected);
  });

  await check("completion knows the stages", async () => {
    await window.open("Dockerfile.stages");
    await window.goto(6, 1);
    await window.type("COPY --from=");
    const row = window.page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "assets" });
    await row.waitFor();
    await picture("completion");
    await waitFor("focus", async () => (await row.getAttribute("class"))?.includes("focused") ?? false);
    await window.press("Enter");
    await waitFor("the stage's name", async () => (await window.text()).includes("\nCOPY --from=assets"));
    await window.type(" /licences /srv");
  });

  await check("rename changes a stage everywhere", async () => {
    await window.goto(1, 20);
    await window.press("F2");
    const input = window.page.locator(".rename-box input");
    await input.waitFor();
    await input.fill("web");
    await window.press("Enter");
    const expected = `${stages}COPY --from=assets /licences /srv`.replaceAll("assets", "web");
    await window.expectText(expected);
  });

  await check("places behind Chinese, Japanese and emoji are right", async () => {
    await window.open("Dockerfile.letters");
    // UTF-16 columns, which the editor counts by: the whale is two of them, the flag four.
    const line = letters.split("\n")[3] ?? "";
    const column = line.indexOf("pip") + 1;
    await window.withProblems("Dockerfile.letters", async () => {
      await waitFor("the problem", async () => (await window.problems()).join().includes("pip-cache"));
      assert.match((await window.problems()).join(), new RegExp(`pip-cache\\[Ln 4, Col ${column}\\]`));
      await picture("letters");
    });
    await window.goto(4, column);
    await window.press("Control+.");
    await window.takeAction("Add `--no-cache-dir`");
    const fixed = line.replace("pip install", "pip install --no-cache-dir");
    await waitFor("the fix", async () => (await window.text()).split("\n")[3] === fixed);
  });

  await check("Containerfile and other names are Dockerfiles, Dockerfile.dockerignore is none", async () => {
    for (const name of names) {
      await window.open(name);
      await window.status("Dockerfile").waitFor();
      await waitFor(`squiggles in ${name}`, async () => (await window.squiggles().count()) > 3);
    }
    await window.open("Dockerfile.dockerignore");
    await window.status("Ignore").waitFor();
    assert.equal(await window.squiggles().count(), 0);
  });
}

export const checksOfEditing = { options, checks };
