import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/** Whether this host lets a user mount in a namespace of their own. */
export const canMount = (): boolean => spawnSync("unshare", ["-rm", "true"]).status === 0;

const BLOCK = Buffer.alloc(4_096, 1);

/**
 * A folder that is a small volume for the programs that are started in it: a tmpfs in a namespace that a sleeping program keeps, so that the volume
 * outlives those that are killed.
 */
export class SmallVolume {
  readonly #keeper: ChildProcess;
  readonly #folder: string;

  private constructor(keeper: ChildProcess, folder: string) {
    this.#keeper = keeper;
    this.#folder = folder;
  }

  static async mount(folder: string, bytes: number): Promise<SmallVolume> {
    const script = `mount -t tmpfs -o size=${bytes},mode=700 tmpfs "$0" && echo mounted && exec sleep infinity`;
    const keeper = spawn("unshare", ["-rm", "sh", "-c", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await Promise.race([
      once(keeper.stdout, "data"),
      once(keeper, "exit").then(() => {
        throw new Error(`no volume could be mounted on ${folder}`);
      }),
    ]);
    return new SmallVolume(keeper, folder);
  }

  /** The words before a program and its arguments that start it where the volume is. */
  get prefix(): string[] {
    return ["nsenter", "-t", String(this.#keeper.pid), "-U", "-m", "--preserve-credentials", "--wdns=/"];
  }

  /** The folder as this process reaches it. */
  get path(): string {
    return `/proc/${this.#keeper.pid}/root${this.#folder}`;
  }

  /** Takes all the room there is. */
  fill(): void {
    const handle = openSync(this.#filler, "w");
    try {
      for (;;) writeSync(handle, BLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    } finally {
      closeSync(handle);
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  async close(): Promise<void> {
    this.#keeper.kill("SIGKILL");
    if (this.#keeper.exitCode === null && this.#keeper.signalCode === null) await once(this.#keeper, "exit");
  }

  get #filler(): string {
    return path.join(this.path, "filler");
  }
}
