// The dockfix that is tested with.
import { spawnSync } from "node:child_process";

const given = process.env["DOCKFIX"];
if (given === undefined) throw new Error("DOCKFIX has to name the binary to test with (see test.sh)");

/** Its path. */
export const program: string = given;

/** What it prints with these arguments, whatever its exit code. */
export function dockfix(args: string[], options: { input?: string; cwd?: string } = {}): string {
  const { stdout, error } = spawnSync(program, args, { encoding: "utf8", ...options });
  if (error) throw error;
  return stdout;
}
