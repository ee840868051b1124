import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { journalsOf } from "./directory.ts";

/** A journal that could not be read to its end. Nothing of it is deleted. */
export interface SetAsideJournal {
  id: string;
  /** Where its folder is. */
  path: string;
  reason: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const folderOf = (data: string): string => path.join(journalsOf(data), "set-aside");
const reasonFile = (data: string, id: string): string => path.join(folderOf(data), `${id}.reason.txt`);

/** The journals that this and earlier starts have set aside. */
export async function listSetAside(data: string): Promise<SetAsideJournal[]> {
  if (!existsSync(folderOf(data))) return [];
  const ids = (await readdir(folderOf(data))).filter((name) => UUID.test(name)).sort();
  return Promise.all(
    ids.map(async (id) => {
      // A full volume took the folder's new name, and not the reason.
      const reason = await readFile(reasonFile(data, id), "utf8").catch(
        () => "the log of that start says why",
      );
      return { id, path: path.join(folderOf(data), id), reason: reason.trim() };
    }),
  );
}

/**
 * Moves a journal out of the way, to `journal/set-aside/<id>`; moved back, it is read again from where the database is. Where it cannot be moved it
 * stays, and is named all the same.
 */
export async function setAside(
  data: string,
  journal: { id: string; path: string },
  reason: string,
): Promise<SetAsideJournal> {
  const target = path.join(folderOf(data), journal.id);
  try {
    await mkdir(folderOf(data), { recursive: true, mode: 0o700 });
    await rename(journal.path, target);
  } catch (error) {
    // Another process has moved it between our look and our move.
    if (!existsSync(journal.path) && existsSync(target)) return { id: journal.id, path: target, reason };
    const why = `${reason}; it stays where it is (${(error as Error).message})`;
    return { id: journal.id, path: journal.path, reason: why };
  }
  // A full volume may take no reason: the log has it.
  await writeFile(reasonFile(data, journal.id), `${reason}\n`, { mode: 0o600 }).catch(() => undefined);
  return { id: journal.id, path: target, reason };
}
