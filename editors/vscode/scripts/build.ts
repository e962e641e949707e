// Bundles the extension into one file.
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.cjs",
  bundle: true,
  platform: "node",
  format: "cjs",
  // What the oldest Visual Studio Code that the extension takes runs on.
  target: "node20",
  external: ["vscode"],
  minify: true,
  logLevel: "warning",
});
