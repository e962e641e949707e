// What a person does in the editor's window, and sees there.
import assert from "node:assert/strict";
import * as path from "node:path";
import type { Locator, Page } from "playwright-core";

export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the window, and waits until files can be seen in it. */
  async load(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys);
  }

  /** Types as people do, key by key. */
  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  /** Opens the quick input and writes into it, again if the editor takes the focus away just then. */
  async #ask(keys: string, text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input[type=text]");
    for (let tries = 3; ; tries--) {
      await this.press(keys);
      try {
        await input.fill(text, { timeout: 5000 });
        return;
      } catch (error) {
        if (tries === 0) throw error;
      }
    }
  }

  /** The choices that the quick input offers. */
  async #choices(): Promise<string[]> {
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label") ?? ""));
  }

  /** Waits until the quick input offers a choice, and takes it. */
  async choose(label: RegExp): Promise<void> {
    await waitFor(`${label.source} among the choices`, async () =>
      (await this.#choices()).some((c) => label.test(c)),
    );
    const focused = this.page.locator(".quick-input-list .monaco-list-row.focused");
    while (!label.test(await labelOf(focused))) await this.press("ArrowDown");
    await this.press("Enter");
  }

  /** Runs a command from the palette. */
  async run(title: string): Promise<void> {
    await this.#ask("F1", `>${title}`);
    await this.choose(new RegExp(`^${escape(title)}(,|$)`));
  }

  /** The commands that the palette offers for some words. */
  async offered(words: string): Promise<string[]> {
    await this.#ask("F1", `>${words}`);
    await waitFor("commands", async () => (await this.#choices()).some((c) => c.includes(words)));
    const all = await this.#choices();
    await this.press("Escape");
    return all;
  }

  /** Opens a file of the workspace. */
  async open(name: string): Promise<void> {
    const { base, dir } = path.parse(name);
    await this.#ask("Control+P", name);
    await this.choose(new RegExp(`^${escape(dir === "" ? base : `${base} ${dir}`)}( unsaved changes)?,`));
    await this.tab(base).waitFor();
    await this.page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
  }

  /** The tab of an editor that is looked at. */
  tab(name: string): Locator {
    return this.page.locator(".tabs-container .tab.active", { hasText: name });
  }

  /** Takes a choice of the menu of code actions. */
  async takeAction(title: string): Promise<void> {
    const row = this.page.locator(".action-widget .monaco-list-row.action", { hasText: title });
    await row.first().waitFor();
    // A click is swallowed by the menu's own layer.
    while (!(await row.first().getAttribute("class"))?.includes("focused")) await this.press("ArrowDown");
    await this.press("Enter");
  }

  /** Moves the cursor; lines and columns count from 1. */
  async goto(line: number, column: number): Promise<void> {
    await this.#ask("Control+G", `:${line}:${column}`);
    await this.press("Enter");
    // The column that is shown counts wide letters twice.
    await this.status(`Ln ${line}, `).waitFor();
  }

  /** An item of the status bar. */
  status(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  /** The text of the editor that is open, as far as it can be seen. */
  async text(editor = this.page.locator(".editor-instance .monaco-editor").first()): Promise<string> {
    const lines = await editor.locator(".view-line").evaluateAll((all) =>
      all
        .map((line) => ({ top: parseFloat((line as HTMLElement).style.top), text: line.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Waits until that text is `expected`. */
  async expectText(expected: string, editor?: Locator): Promise<void> {
    try {
      await waitFor("the text", async () => (await this.text(editor)) === expected);
    } catch {
      assert.equal(await this.text(editor), expected);
    }
  }

  squiggles(): Locator {
    return this.page.locator(".squiggly-error, .squiggly-warning, .squiggly-info, .squiggly-hint");
  }

  /** Shows the list of problems of one file, does something with it, and hides it again. */
  async withProblems(file: string, look: () => Promise<void>): Promise<void> {
    await this.run("Problems: Focus on Problems View");
    await this.page
      .locator(".markers-panel-container .viewpane-filter input, .viewpane-filter input")
      .fill(`**/${file}`);
    const headers = this.page.locator(".markers-panel .monaco-list-row[aria-level='1']");
    await waitFor(`nothing but the problems of ${file}`, async () => {
      const labels = await headers.evaluateAll((all) =>
        all.map((row) => row.getAttribute("aria-label") ?? ""),
      );
      return labels.length > 0 && labels.every((label) => label.includes(` ${file} `));
    });
    await look();
    await this.run("View: Hide Panel");
  }

  /** What the list of problems shows: message, source, rule, line and column of each. */
  async problems(): Promise<string[]> {
    const rows = this.page.locator(".markers-panel .monaco-list-row[aria-level='2']");
    return rows.evaluateAll((all) => all.map((row) => row.textContent));
  }

  /** A message in the corner. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast.notification-fade-in-done", { hasText: text });
  }
}

async function labelOf(row: Locator): Promise<string> {
  return (await row.count()) === 1 ? ((await row.getAttribute("aria-label")) ?? "") : "";
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Waits until something holds. */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patience = 60_000,
): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    // Lets the browser and the editor work; not a time that anything is known to take.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
