/** What keeps the web shell's programs from this host and from other sessions; found once, at start. */
export type IsolationKind = "bubblewrap" | "uid" | "none" | "refused";

/** How the programs of a session are kept apart. */
export interface Isolation {
  readonly kind: IsolationKind;
  /** What holds, or why nothing runs and what to do: a sentence for the log, the settings page and the shell. */
  readonly words: string;
  /**
   * Makes the private directory of a new session, empty and of mode 0700. The shell removes it when it is closed.
   * Throws an AppError `unavailable` where the kind is `refused`.
   */
  makeDirectory(): Promise<string>;
  /** Opens what the commands of one session run in. */
  openSandbox(session: SandboxSession): Promise<Sandbox>;
}

export interface SandboxSession {
  /** From {@link Isolation.makeDirectory}. */
  directory: string;
  /** Unix socket whose other end is the gateway as this person on this cluster. */
  apiSocket: string;
  /** Names in the kubeconfig, so that kubectl's words name the cluster as people know it. */
  cluster: string;
}

/** Where the commands of one session run. */
export interface Sandbox {
  /**
   * What to start so that `kubectl` runs with `args` in the sandbox, with `namespace` as the context's. Nothing of this process's
   * environment is in it.
   */
  command(input: { kubectl: string; args: string[]; namespace: string }): Promise<SandboxCommand>;
  close(): Promise<void>;
}

/** A program to start: by a pseudo terminal or with pipes. */
export interface SandboxCommand {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}
