import { chown, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { kubeconfigText } from "./kubectl-environment.ts";

/** What is in the directory of a session. */
export class SessionFolders {
  readonly files: string;
  /** kubectl's home: its cache of what the cluster has. */
  readonly home: string;
  readonly kubeconfig: string;
  readonly socket: string;
  readonly owner: number | null;
  #written = "";

  constructor(directory: string, owner: number | null) {
    this.files = path.join(directory, "files");
    this.home = path.join(directory, "home");
    this.kubeconfig = path.join(directory, "kubeconfig");
    this.socket = path.join(directory, "api.sock");
    this.owner = owner;
  }

  static async make(directory: string, owner: number | null): Promise<SessionFolders> {
    const folders = new SessionFolders(directory, owner);
    for (const folder of [folders.files, folders.home]) {
      await mkdir(folder, { mode: 0o700 });
      if (owner !== null) await chown(folder, owner, owner);
    }
    if (owner !== null) await chown(directory, owner, owner);
    return folders;
  }

  async writeKubeconfig(content: Parameters<typeof kubeconfigText>[0]): Promise<void> {
    const text = kubeconfigText(content);
    if (text === this.#written) return;
    // A new file: a program of the session, whose folder it is in, could have put a link in its place.
    await rm(this.kubeconfig, { force: true });
    const file = await open(this.kubeconfig, "wx", 0o600);
    try {
      await file.writeFile(text);
      if (this.owner !== null) await file.chown(this.owner, this.owner);
    } finally {
      await file.close();
    }
    this.#written = text;
  }
}
