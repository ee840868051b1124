/** What keeps the web shell's programs from this host and from other sessions; found once, at start. */
export type IsolationKind = "bubblewrap" | "uid" | "none" | "refused";

/** How the programs of a session are kept apart. */
export interface Isolation {
  readonly kind: IsolationKind;
  /** What holds, or why nothing runs and what to do: a sentence for the log, the settings page and the shell. */
  readonly words: string;
  /**
   * Makes the directory of a new session. The shell removes it when it is closed. Throws an AppError `unavailable` where the kind is
   * `refused`.
   */
  makeDirectory(): Promise<string>;
  /** Opens what the commands of one session run in. */
  openSandbox(session: SandboxSession): Promise<Sandbox>;
  /** Removes what this process keeps outside its data folder. */
  close(): Promise<void>;
}

export interface SandboxSession {
  /** From {@link Isolation.makeDirectory}. */
  directory: string;
  /** Unix socket whose other end is the gateway as this person on this cluster. */
  apiSocket: string;
  /** The name of cluster and context in the kubeconfig. */
  cluster: string;
}

/** Where the commands of one session run. */
export interface Sandbox {
  /** The private directory: what programs of this session read and write. */
  readonly files: string;
  /** The user that its files belong to; null where that is this process's own. */
  readonly owner: number | null;
  /**
   * What to start so that kubectl runs with `args` in the sandbox, with `namespace` as its context's. Nothing of this process's
   * environment is in it.
   */
  command(input: { kubectl: string; args: string[]; namespace: string }): Promise<SandboxCommand>;
  /** Ends its connections and removes the directory. */
  close(): Promise<void>;
}

/** A program to start, by a pseudo terminal or with pipes. */
export interface SandboxCommand {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}
