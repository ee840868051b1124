import { randomBytes } from "node:crypto";
import type { Sandbox, SandboxSession } from "./isolation.ts";
import { kubectlEnvironment } from "./kubectl-environment.ts";
import { type ProgramLimits, prlimitOptions } from "./limits.ts";
import { SessionFolders } from "./session-folders.ts";
import { startSocksRelay } from "./socks-relay.ts";
import { setprivOptions } from "./user-ids.ts";
import type { WorkFolder } from "./work-folder.ts";

/** A name that no resolver knows (RFC 6761 6.4): the relay is asked for it, whatever it is. */
const SERVER = "http://kubernetes.invalid";

/**
 * A process of this host, as a user of its own where there is one. It shares the host's network, so the way to the gateway is a
 * relay on loopback with a password of the session's own, in a kubeconfig that only that user reads.
 */
export async function openPlainProcess(
  {
    prlimit,
    user,
    folder,
    limits,
  }: {
    prlimit: string | null;
    user: { setpriv: string; id: number } | null;
    folder: WorkFolder;
    limits: ProgramLimits;
  },
  session: SandboxSession,
): Promise<Sandbox> {
  const owner = user?.id ?? null;
  const folders = await SessionFolders.make(session.directory, owner);
  const password = randomBytes(24).toString("hex");
  const relay = await startSocksRelay({ password, apiSocket: session.apiSocket });
  const proxyUrl = `socks5://shell:${password}@127.0.0.1:${relay.port}`;
  return {
    files: folders.files,
    owner,
    async command({ kubectl, args, namespace }) {
      await folders.writeKubeconfig({ cluster: session.cluster, namespace, server: SERVER, proxyUrl });
      const words = [
        ...(user ? [user.setpriv, ...setprivOptions(user.id)] : []),
        // Another user's processes would be counted where this process has no user of its own to give.
        ...(prlimit
          ? [prlimit, ...prlimitOptions({ ...limits, ...(user ? {} : { processes: null }) }), "--"]
          : []),
        ...[await folder.reachable(kubectl), ...args],
      ];
      const env = kubectlEnvironment(folders);
      return { file: words[0]!, args: words.slice(1), cwd: folders.files, env };
    },
    close: () => relay.close(),
  };
}
