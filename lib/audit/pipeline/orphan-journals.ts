import { log } from "../../log.ts";
import { adoptOrphans, type JournalDirectory } from "../journal/directory.ts";
import { journalBytes } from "../journal/segment.ts";
import { listSetAside, type SetAsideJournal, setAside } from "../journal/set-aside.ts";
import type { FromWriter, JournalRef } from "../writer/thread-protocol.ts";

interface Orphan {
  directory: JournalDirectory;
  bytes: number;
}

/** How the writing of a journal of an earlier start does. */
export interface OrphanStatus {
  journalId: string;
  bytes: number;
  /** Why the last try failed; null while it has its turn still to come, or is being written. */
  error: string | null;
}

/** The journals of earlier starts on the same data folder: which this process holds, which wait, and which are set aside. */
export class OrphanJournals {
  readonly #data: string;
  readonly #held = new Map<string, Orphan>();
  readonly #errors = new Map<string, string>();
  #setAside: SetAsideJournal[] = [];

  constructor(data: string) {
    this.#data = data;
  }

  get size(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#held.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Those that are still to be written, each a task of its own. */
  statuses(): OrphanStatus[] {
    return Array.from(this.#held, ([journalId, { bytes }]) => {
      return { journalId, bytes, error: this.#errors.get(journalId) ?? null };
    });
  }

  get setAside(): readonly SetAsideJournal[] {
    return this.#setAside;
  }

  refs(): JournalRef[] {
    return Array.from(this.#held.values(), ({ directory }) => refOf(directory));
  }

  /** Takes hold of those that have lost their process; one that cannot be read is set aside, and holds up nothing. */
  async adopt(): Promise<JournalRef[]> {
    const { adopted, unreadable } = await adoptOrphans(this.#data);
    const left = this.#setAside.filter(({ path }) => unreadable.some((journal) => journal.path === path));
    this.#setAside = [...(await listSetAside(this.#data)), ...left];
    for (const { id, path, error } of unreadable) await this.#setAsideNow({ id, path }, error.message);
    const refs: JournalRef[] = [];
    for (const directory of adopted) {
      try {
        this.#held.set(directory.id, { directory, bytes: await journalBytes(directory.path) });
        refs.push(refOf(directory));
      } catch (error) {
        await this.#letGo(directory, (error as Error).message);
      }
    }
    return refs;
  }

  /** One is in the database to its end. */
  async drained({ journalId, ...report }: Extract<FromWriter, { kind: "drained" }>): Promise<void> {
    const orphan = this.#take(journalId);
    log.info({ journalId, ...report }, "audit pipeline: a journal of an earlier start is written");
    if (!orphan) return;
    if (report.damagedBytes > 0)
      await this.#letGo(
        orphan.directory,
        `${report.damagedBytes} bytes between its entries cannot be read; the others are written`,
      );
    else orphan.directory.release();
  }

  /** The files of one cannot be read, now or ever. */
  async failed({ journalId, message, waits }: Extract<FromWriter, { kind: "orphanFailed" }>): Promise<void> {
    if (waits) {
      if (!this.#errors.has(journalId))
        log.error(
          { journalId, reason: message },
          "audit pipeline: a journal of an earlier start cannot be written yet",
        );
      this.#errors.set(journalId, message);
      return;
    }
    const orphan = this.#take(journalId);
    if (orphan) await this.#letGo(orphan.directory, message);
  }

  release(): void {
    for (const { directory } of this.#held.values()) directory.release();
  }

  #take(journalId: string): Orphan | undefined {
    const orphan = this.#held.get(journalId);
    this.#held.delete(journalId);
    this.#errors.delete(journalId);
    return orphan;
  }

  async #letGo(directory: JournalDirectory, reason: string): Promise<void> {
    await this.#setAsideNow(directory, reason);
    directory.release();
  }

  async #setAsideNow({ id, path }: { id: string; path: string }, reason: string): Promise<void> {
    // One that could not be moved is found again each time.
    if (this.#setAside.some((known) => known.path === path)) return;
    const journal = await setAside(this.#data, { id, path }, reason);
    this.#setAside = [...this.#setAside.filter((known) => known.path !== journal.path), journal];
    log.error(
      { ...journal },
      "audit pipeline: a journal of an earlier start cannot be read, and is set aside",
    );
  }
}

const refOf = ({ id, path }: JournalDirectory): JournalRef => ({ id, directory: path });
