// The whole extension, as a person sees it: see test.sh.
import { mkdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { chromium, type Browser } from "playwright-core";
import { Editor, type EditorOptions } from "./editor.ts";
import { checksOfBinary } from "./binary.ts";
import { picturesOfReadme } from "./readme.ts";
import { checksOfCommands } from "./commands.ts";
import { checksOfEditing } from "./editing.ts";
import { checksOfSettings } from "./settings.ts";
import { checksOfTrust } from "./trust.ts";
import { Workbench } from "./workbench.ts";

/** The place of everything that the test leaves behind. */
const out = process.env["OUT"] ?? "";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const vsix = (kind: Kind) => {
  const platform = kind === "bundled" ? `${process.platform}-${process.arch}` : "universal";
  return path.join(out, `dockfix-${platform}-${version}.vsix`);
};

/** A package with a dockfix inside, or the one without. */
type Kind = "bundled" | "universal";

/** An editor with a window, to be looked at and changed. */
export interface Session {
  editor: Editor;
  window: Workbench;
  /** Does something, and tells how long it took. */
  check: (what: string, run: () => Promise<void>) => Promise<void>;
  /** Keeps a picture of the window. */
  picture: (name: string) => Promise<void>;
}

async function session(
  browser: Browser,
  options: Omit<EditorOptions, "folder" | "vsix"> & { name: string; kind: Kind },
  checks: (session: Session) => Promise<void>,
): Promise<void> {
  const editor = new Editor({ ...options, folder: path.join(out, options.name), vsix: vsix(options.kind) });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  const window = new Workbench(page);
  const picture = async (name: string) => {
    await page.screenshot({ path: path.join(out, "pictures", `${name}.png`) });
  };
  const check = async (what: string, run: () => Promise<void>) => {
    const begin = performance.now();
    const line = (word: string) => {
      const took = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(`${word.padEnd(4)} ${took.padStart(6)} s   ${what}`);
    };
    try {
      await run();
    } catch (error) {
      line("MISS");
      await picture("miss");
      throw error;
    }
    line("ok");
  };
  try {
    await check(`the extension (${options.kind}) is installed, the window opens`, async () => {
      await window.load(await editor.start());
    });
    await checks({ editor, window, check, picture });
  } finally {
    await page.close();
    await editor.stop();
  }
}

mkdirSync(path.join(out, "pictures"), { recursive: true });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
const only = process.argv[2];
// Pictures are taken anew when that is asked for; they differ with the fonts of a machine.
const forReadme = process.env["UPDATE"] === "1" ? [picturesOfReadme] : [];
const sessions = [
  checksOfEditing,
  checksOfCommands,
  checksOfSettings,
  checksOfBinary,
  checksOfTrust,
  ...forReadme,
];
try {
  for (const { options, checks } of sessions) {
    if (only === undefined || only === options.name) await session(browser, options, checks);
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
}
