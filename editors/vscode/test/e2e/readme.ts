// The pictures of the README.
import { application, example } from "./files.ts";
import type { Session } from "./main.ts";

const options = {
  name: "readme",
  kind: "bundled" as const,
  files: { ...application, Dockerfile: example, ".dockerignore": ".git\n" },
  settings: { "breadcrumbs.enabled": false, "editor.scrollbar.vertical": "hidden" },
};

async function checks({ window, check }: Session): Promise<void> {
  const { page } = window;
  const picture = (name: string) => page.screenshot({ path: `images/${name}.png` });

  await check("picture: what is found", async () => {
    await page.setViewportSize({ width: 1000, height: 600 });
    await window.open("Dockerfile");
    await window.squiggles().first().waitFor();
    await window.run("View: Toggle Primary Side Bar Visibility");
    await window.goto(9, 6);
    await window.run("Show or Focus Hover");
    await page.locator(".monaco-hover:visible .monaco-tokenized-source").first().waitFor();
    await picture("problems");
    await window.press("Escape");
  });

  await check("picture: unsafe fixes", async () => {
    await window.run("dockfix: Fix All, Including Unsafe…");
    await page.locator(".monaco-diff-editor .line-insert").first().waitFor();
    await window.notification("Unsafe fixes change what is in the image").waitFor();
    await page.mouse.move(500, 5);
    await picture("unsafe");
  });
}

export const picturesOfReadme = { options, checks };
