// Packs the extension:
//
//   npm run package                          for any platform, without dockfix itself
//   npm run package -- --binary PATH         for this platform, with the dockfix at PATH inside
//   npm run package -- --binary PATH --target darwin-arm64      for another one
//
// `--out FOLDER` says where to, by default here. The targets are those of `vsce package --target`.
import { createVSIX } from "@vscode/vsce";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";

const given = parseArgs({
  options: { target: { type: "string" }, binary: { type: "string" }, out: { type: "string", default: "." } },
}).values;
const { binary, out } = given;
if (binary === undefined && given.target !== undefined)
  throw new Error("--target needs a --binary for that platform");
const here = `${process.platform}-${process.arch}`;
const target = binary === undefined ? undefined : (given.target ?? here);

execFileSync(process.execPath, ["scripts/build.ts"], { stdio: "inherit" });
rmSync("bundled", { recursive: true, force: true });
if (target !== undefined && binary !== undefined) {
  const bundled = path.join("bundled", target.startsWith("win32") ? "dockfix.exe" : "dockfix");
  mkdirSync("bundled");
  copyFileSync(binary, bundled);
  chmodSync(bundled, 0o755);
  // What is for another platform cannot be tried here.
  if (target === here) execFileSync(bundled, ["--version"]);
}
// The page of an installed extension shows no pictures from its own folder.
writeFileSync("dist/README.md", readFileSync("README.md", "utf8").replaceAll(/^!\[.*\n\n?/gm, ""));
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
mkdirSync(out, { recursive: true });
await createVSIX({
  packagePath: path.join(out, `dockfix-${target ?? "universal"}-${version}.vsix`),
  ...(target === undefined ? {} : { target }),
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  readmePath: "dist/README.md",
  skipLicense: true,
});
