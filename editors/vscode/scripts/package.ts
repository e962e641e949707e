// Packs the extension:
//
//   npm run package                                        for any platform, without dockfix itself
//   npm run package -- --target linux-x64 --binary PATH    for one platform, with the dockfix at PATH inside
//
// `--out FOLDER` says where to, by default here. The targets are those of `vsce package --target`.
import { createVSIX } from "@vscode/vsce";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";

const { target, binary, out } = parseArgs({
  options: { target: { type: "string" }, binary: { type: "string" }, out: { type: "string", default: "." } },
}).values;
if ((target === undefined) !== (binary === undefined)) {
  throw new Error(
    "--target and --binary belong together: a package for one platform has that platform's dockfix",
  );
}

execFileSync(process.execPath, ["scripts/build.ts"], { stdio: "inherit" });
rmSync("bundled", { recursive: true, force: true });
if (target !== undefined && binary !== undefined) {
  const bundled = path.join("bundled", target.startsWith("win32") ? "dockfix.exe" : "dockfix");
  mkdirSync("bundled");
  copyFileSync(binary, bundled);
  chmodSync(bundled, 0o755);
  // What is for another platform cannot be tried here.
  if (target === `${process.platform}-${process.arch}`) execFileSync(bundled, ["--version"]);
}
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
mkdirSync(out, { recursive: true });
await createVSIX({
  packagePath: path.join(out, `dockfix-${target ?? "universal"}-${version}.vsix`),
  ...(target === undefined ? {} : { target }),
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  skipLicense: true,
});
