// What is said when there is no server, and what can be done about it.
import { commands, ConfigurationTarget, env, window, workspace, type LogOutputChannel } from "vscode";
import { BinaryError } from "./binary.ts";
import { SECTION } from "./settings.ts";

type Action = [title: string, run: () => unknown];

/** Tells why dockfix does not run, with something to do about it. */
export async function explain(error: Error, output: LogOutputChannel): Promise<void> {
  const actions: Action[] = [];
  if (!workspace.isTrusted) {
    actions.push(["Manage Workspace Trust", () => commands.executeCommand("workbench.trust.manage")]);
  } else if (error instanceof BinaryError) {
    actions.push(...remedies());
  }
  actions.push([
    "Show Output",
    () => {
      output.show();
    },
  ]);
  const chosen = await window.showErrorMessage(error.message, ...actions.map(([title]) => title));
  await actions.find(([title]) => title === chosen)?.[1]();
}

function remedies(): Action[] {
  const settings = workspace.getConfiguration(SECTION);
  const open: Action = [
    "Open Setting",
    () => {
      const settings = env.remoteName === undefined ? "openSettings" : "openRemoteSettings";
      return commands.executeCommand(`workbench.action.${settings}`, { query: `@id:${SECTION}.path` });
    },
  ];
  const path = settings.inspect<string>("path");
  const target =
    path?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  if (settings.get<string>("path", "") === "") return [open];
  return [open, ["Do Not Use This Path", () => settings.update("path", undefined, target)]];
}
