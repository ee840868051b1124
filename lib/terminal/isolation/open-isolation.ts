import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { findBubblewrapTools, openBubblewrap } from "./bubblewrap.ts";
import type { Isolation, IsolationKind, Sandbox, SandboxSession } from "./isolation.ts";
import { PROGRAM_LIMITS, type ProgramLimits } from "./limits.ts";
import { openPlainProcess } from "./plain-process.ts";
import { findSystemProgram } from "./system-programs.ts";
import { UserIds } from "./user-ids.ts";
import { WorkFolder } from "./work-folder.ts";

/** What the setting `webShell.isolation` may be. */
export type IsolationSetting = "auto" | "bubblewrap" | "uid" | "none";

export interface IsolationOptions {
  setting: IsolationSetting;
  dataFolder: string;
  /** First of the user ids that programs run as where this process is root. */
  firstUserId: number;
  /** Largest size of a session's private directory, and so of a file in it. */
  directoryBytes: number;
}

type OpenSandbox = (session: SandboxSession) => Promise<Sandbox>;

const WORDS: Record<Exclude<IsolationKind, "refused">, string> = {
  bubblewrap:
    "Programs of the web shell run in bubblewrap: without network, processes, users and files of this host.",
  uid: "Programs of the web shell run as users of their own, one a session, with limits; they share this host's network and see files that all its users may read. Install bubblewrap to part them from the host.",
  none: "Programs of the web shell run as this process's own user, as webShell.isolation says: what a line may be is all that keeps them from this host.",
};

/**
 * Finds what keeps programs of the web shell from this host, best first, by trying it; with the setting `auto` that is bubblewrap, then a
 * user of their own. Where neither works nothing runs, and `words` says what to do. Writes to the log which one holds.
 */
export async function openIsolation(options: IsolationOptions): Promise<Isolation> {
  const isRoot = process.getuid?.() === 0;
  const reasons: string[] = [];
  const folder = await WorkFolder.open(options.dataFolder, isRoot).catch((error: unknown) => {
    reasons.push(error instanceof Error ? error.message : String(error));
    return null;
  });
  for (const kind of folder ? candidates(options.setting) : []) {
    const found = await tryKind(kind, { options, folder: folder!, isRoot });
    if (typeof found !== "string") {
      log[kind === "none" ? "warn" : "info"]({ isolation: kind }, WORDS[kind]);
      return isolation(kind, folder!, found);
    }
    reasons.push(found);
  }
  await folder?.close();
  return refusal(reasons);
}

/** Nothing runs; the rest of the gateway does. */
function refusal(reasons: string[]): Isolation {
  const words = `The web shell runs nothing: ${reasons.join("; ")}. Install bubblewrap, or run this process as root, or set webShell.isolation to none where whoever signs in may do what this process's user may.`;
  log.warn({ isolation: "refused" }, words);
  const refuse = async () => {
    throw new AppError("unavailable", words);
  };
  return { kind: "refused", words, makeDirectory: refuse, openSandbox: refuse, close: async () => undefined };
}

const candidates = (setting: IsolationSetting) =>
  setting === "auto" ? (["bubblewrap", "uid"] as const) : ([setting] as const);

const isolation = (
  kind: Exclude<IsolationKind, "refused">,
  folder: WorkFolder,
  openSandbox: OpenSandbox,
): Isolation => ({
  ...{ kind, words: WORDS[kind], openSandbox },
  makeDirectory: () => folder.makeDirectory(),
  close: () => folder.close(),
});

interface Trial {
  options: IsolationOptions;
  folder: WorkFolder;
  isRoot: boolean;
}

/** How sandboxes of a kind are opened, after one was tried; why it does not work as text. */
async function tryKind(kind: Exclude<IsolationKind, "refused">, trial: Trial): Promise<OpenSandbox | string> {
  try {
    const open = await prepare(kind, trial);
    if (typeof open === "string") return open;
    const problem = await tryProgram(open, trial.folder);
    return problem === null ? open : `${kind} does not work here (${problem})`;
  } catch (error) {
    return `${kind} does not work here (${error instanceof Error ? error.message : error})`;
  }
}

async function prepare(
  kind: Exclude<IsolationKind, "refused">,
  { options, folder, isRoot }: Trial,
): Promise<OpenSandbox | string> {
  const limits: ProgramLimits = { ...PROGRAM_LIMITS, fileBytes: options.directoryBytes };
  if (kind === "bubblewrap") {
    const tools = await findBubblewrapTools(folder, isRoot);
    if (typeof tools === "string") return tools;
    const userIds = isRoot ? new UserIds(options.firstUserId) : null;
    return (session) =>
      openOwned(userIds, session, (owner) => openBubblewrap({ tools, folder, owner, limits }, session));
  }
  const prlimit = findSystemProgram("prlimit");
  if (kind === "none")
    return (session) =>
      openOwned(null, session, () => openPlainProcess({ prlimit, user: null, folder, limits }, session));
  const setpriv = findSystemProgram("setpriv");
  if (!isRoot) return "this process is not root, so programs cannot have a user of their own";
  if (!setpriv || !prlimit) return "setpriv or prlimit (util-linux) is not installed";
  const userIds = new UserIds(options.firstUserId);
  return (session) =>
    openOwned(userIds, session, (id) =>
      openPlainProcess({ prlimit, user: { setpriv, id: id! }, folder, limits }, session),
    );
}

/**
 * Opens a sandbox, as a user of its own where there are ids. When it is closed, and where it cannot be opened, the id is free again and the
 * directory gone.
 */
async function openOwned(
  userIds: UserIds | null,
  session: SandboxSession,
  open: (owner: number | null) => Promise<Sandbox>,
): Promise<Sandbox> {
  let owner: number | null = null;
  const leave = async () => {
    await rm(session.directory, { recursive: true, force: true });
    if (owner !== null) userIds?.release(owner);
  };
  try {
    owner = userIds?.take() ?? null;
    const sandbox = await open(owner);
    return { ...sandbox, close: () => sandbox.close().then(leave) };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Runs a small program as a session would; what went wrong as text. */
async function tryProgram(open: OpenSandbox, folder: WorkFolder): Promise<string | null> {
  const program = findSystemProgram("prlimit");
  const directory = await folder.makeDirectory();
  const sandbox = await open({ directory, apiSocket: `${directory}/none`, cluster: "probe" });
  try {
    if (!program) return null;
    const { file, args, cwd, env } = await sandbox.command({
      kubectl: program,
      args: ["--version"],
      namespace: "default",
    });
    return await new Promise((resolve) => {
      const run = { cwd, env: env as unknown as NodeJS.ProcessEnv, timeout: 20_000 };
      execFile(file, args, run, (error, out, err) => {
        resolve(
          error || !out.includes("util-linux")
            ? err.trim().split("\n")[0] || error?.message || "no answer"
            : null,
        );
      });
    });
  } finally {
    await sandbox.close();
  }
}
