import { fileURLToPath } from "node:url";
import type { Sandbox, SandboxSession } from "./isolation.ts";
import { kubectlEnvironment } from "./kubectl-environment.ts";
import { type ProgramLimits, prlimitOptions } from "./limits.ts";
import { startSocketRelay } from "./relay-socket.ts";
import { SessionFolders } from "./session-folders.ts";
import { findSystemProgram, sharedLibraries } from "./system-programs.ts";
import { setprivOptions } from "./user-ids.ts";
import type { WorkFolder } from "./work-folder.ts";

const RELAY = fileURLToPath(new URL("./sandbox-relay.cjs", import.meta.url));
const PORT = 8001;
const INSIDE = {
  kubectl: "/kubectl",
  node: "/node",
  relay: "/relay.cjs",
  prlimit: "/prlimit",
  socket: "/run/api.sock",
  kubeconfig: "/run/kubeconfig",
  files: "/files",
  home: "/home",
};

/** What every sandbox of bubblewrap needs of this host; found once. */
export interface BubblewrapTools {
  bwrap: string;
  env: string;
  prlimit: string;
  /** Where this process is root: programs become another user first. */
  setpriv: string | null;
  node: string;
  relay: string;
  libraries: string[];
}

/** Looks for what it takes; the name of what is missing as text. */
export async function findBubblewrapTools(
  folder: WorkFolder,
  isRoot: boolean,
): Promise<BubblewrapTools | string> {
  const [bwrap, env, prlimit, setpriv] = ["bwrap", "env", "prlimit", "setpriv"].map(findSystemProgram);
  if (!bwrap) return "bubblewrap (bwrap) is not installed";
  if (!env || !prlimit) return "env (coreutils) or prlimit (util-linux) is not installed";
  if (isRoot && !setpriv) return "setpriv (util-linux) is not installed";
  const node = await folder.reachable(process.execPath);
  return {
    ...{ bwrap, env, prlimit, setpriv: isRoot ? setpriv! : null, node },
    relay: await folder.reachable(RELAY),
    libraries: await sharedLibraries([node, prlimit]),
  };
}

/**
 * A sandbox without network, processes, users and files of the host: kubectl sees itself, the private directory, its home, and the session's
 * socket by way of a relay on its own loopback. The network namespace is what makes every other address unreachable.
 */
export async function openBubblewrap(
  {
    tools,
    folder,
    owner,
    limits,
  }: { tools: BubblewrapTools; folder: WorkFolder; owner: number | null; limits: ProgramLimits },
  session: SandboxSession,
): Promise<Sandbox> {
  const folders = await SessionFolders.make(session.directory, owner);
  const relay = await startSocketRelay(folders.socket, owner, session.apiSocket);
  return {
    files: folders.files,
    owner,
    async command({ kubectl, args, namespace }) {
      await folders.writeKubeconfig({
        cluster: session.cluster,
        namespace,
        server: `http://127.0.0.1:${PORT}`,
      });
      const program = await folder.reachable(kubectl);
      const inside = [INSIDE.node, "--max-old-space-size=64", INSIDE.relay, `${PORT}`, INSIDE.socket];
      const limited = [INSIDE.prlimit, ...prlimitOptions(limits), "--", INSIDE.kubectl, ...args];
      const words = [
        ...(tools.setpriv && owner !== null ? [tools.setpriv, ...setprivOptions(owner)] : []),
        // bwrap itself must outlive a Ctrl-C of the terminal, or kubectl could not end in its own way.
        ...[tools.env, "--ignore-signal=INT", "--ignore-signal=QUIT"],
        ...[tools.bwrap, ...bwrapOptions(tools, folders, program), "--", ...inside, ...limited],
      ];
      return { file: words[0]!, args: words.slice(1), cwd: session.directory, env: {} };
    },
    close: () => relay.close(),
  };
}

function bwrapOptions(tools: BubblewrapTools, folders: SessionFolders, kubectl: string): string[] {
  const readable = [
    ...tools.libraries.map((file) => [file, file]),
    [kubectl, INSIDE.kubectl],
    [tools.node, INSIDE.node],
    [tools.relay, INSIDE.relay],
    [tools.prlimit, INSIDE.prlimit],
    [folders.kubeconfig, INSIDE.kubeconfig],
  ] as [string, string][];
  const writable = [
    [folders.socket, INSIDE.socket],
    [folders.files, INSIDE.files],
    [folders.home, INSIDE.home],
  ] as [string, string][];
  const environment = kubectlEnvironment(INSIDE);
  // Neither --proc: what is in /proc is of no use to kubectl. Nor --new-session: it would take the terminal away from kubectl.
  return [
    ...["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--cap-drop", "ALL"],
    ...["--hostname", "kubewitness", "--clearenv"],
    ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--dev", "/dev"],
    ...readable.flatMap(([from, to]) => ["--ro-bind", from, to]),
    ...writable.flatMap(([from, to]) => ["--bind", from, to]),
    ...["--remount-ro", "/", "--chdir", INSIDE.files],
  ];
}
