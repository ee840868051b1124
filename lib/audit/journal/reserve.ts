import { rmSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import path from "node:path";

const RESERVE_BYTES = 512 * 1024;
/** Left beside it, for the outcomes that come while it is taken. */
const BESIDE_BYTES = RESERVE_BYTES / 4;

export const reserveFile = (directory: string): string => path.join(directory, "reserve");

/**
 * Room that is kept on the volume for when it is full: then calls that had been taken still have their outcome to be written, and intents to be carried
 * along, before any room is made by deleting what PostgreSQL has.
 */
export class Reserve {
  readonly #file: string;
  #held = false;

  constructor(directory: string) {
    this.#file = reserveFile(directory);
  }

  get held(): boolean {
    return this.#held;
  }

  /** Takes the room; throws where it is not there. */
  async fill(): Promise<void> {
    if (this.#held) return;
    // A try that finds too little takes all that is left until it gives up, and an outcome that comes meanwhile would have none.
    if ((await roomAt(path.dirname(this.#file))) < RESERVE_BYTES + BESIDE_BYTES) throw outOfRoom();
    try {
      const handle = await open(this.#file, "w", 0o600);
      try {
        await handle.writeFile(Buffer.alloc(RESERVE_BYTES, 1));
        // Some file systems give room only when it is flushed.
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      await rm(this.#file, { force: true });
      throw error;
    }
    this.#held = true;
  }

  /** Gives the room up. */
  spend(): void {
    this.#held = false;
    rmSync(this.#file, { force: true });
  }
}

async function roomAt(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

const outOfRoom = () =>
  Object.assign(new Error("ENOSPC: the volume has no room for the reserve"), { code: "ENOSPC" });

/** Whether an error is the volume's having no room: it can be made, by deleting what PostgreSQL has. */
export function isOutOfRoom(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException | null)?.code ?? "");
}
