import path from "node:path";
import { config } from "../../config.ts";
import type { Isolation } from "../isolation/isolation.ts";
import { openIsolation } from "../isolation/open-isolation.ts";
import { type KubectlProgram, openKubectl } from "../kubectl/program.ts";
import { createShell, type Shell, type ShellOptions } from "./shell.ts";
import { publishPrograms } from "./shown-programs.ts";

/** What all shells of this process share: where programs run, and which kubectl. */
export interface ShellPrograms {
  readonly isolation: Isolation;
  readonly kubectl: KubectlProgram;
  /** Makes the directory of a new session. Throws an AppError `unavailable` in words for the person where nothing may run. */
  makeDirectory(): Promise<string>;
  openShell(options: Omit<ShellOptions, "kubectl" | "isolation" | "directoryBytes">): Shell;
  close(): Promise<void>;
}

/**
 * Finds them as the settings `webShell.*` say. The isolation is tried, which takes a fraction of a second; kubectl is looked for, and
 * fetched, in the background.
 */
export async function openShellPrograms(): Promise<ShellPrograms> {
  const { webShell, data } = config();
  const dataFolder = path.resolve(data);
  const isolation = await openIsolation({
    setting: webShell.isolation,
    ...{ dataFolder, firstUserId: webShell.firstUserId, directoryBytes: webShell.directoryBytes },
  });
  const kubectl = openKubectl({ configured: webShell.kubectl ?? null, dataFolder });
  publishPrograms({ isolation, kubectl });
  return {
    ...{ isolation, kubectl },
    makeDirectory: () => isolation.makeDirectory(),
    openShell: (options) =>
      createShell({ ...options, kubectl, isolation, directoryBytes: webShell.directoryBytes }),
    close: async () => {
      publishPrograms(null);
      kubectl.stop();
      await isolation.close();
    },
  };
}
