import { database, pool } from "../../db/connection.ts";
import { type CallerActor, findCallers } from "../callers/find.ts";
import type { GrantRow } from "../policy/compile.ts";

/** Whoever has grants of a role: of themselves, or by a group as it is now. Ids of `audit_actor`, under all names that they had. */
export async function findHolders(rows: readonly GrantRow[], roleId: string): Promise<number[]> {
  const granted = rows.filter(({ role }) => role.id === roleId);
  const idsOf = (kind: GrantRow["subjectKind"]) =>
    granted.filter(({ subjectKind }) => subjectKind === kind).map(({ subject }) => subject);
  const { rows: actors } = await pool().query<{ id: number }>(
    `select id from audit_actor
     where (kind = 'application' and subject_id = any($1::text[]))
       or (kind = 'user' and subject_id = any($2::text[]))
       or (kind = 'user' and subject_id in (
         select m.user_id::text from group_members m where m.group_id = any($3::uuid[])))`,
    [idsOf("application"), idsOf("user"), idsOf("group")],
  );
  return actors.map(({ id }) => id);
}

/** The callers of a run as they are known now; each is read once. */
export class KnownCallers {
  readonly #known = new Map<string, CallerActor | null>();

  /** Reads those that are not known yet. */
  async read(ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#known.has(id));
    if (missing.length === 0) return;
    const found = new Map((await findCallers(database(), missing)).map(({ actor }) => [actor.id, actor]));
    for (const id of missing) this.#known.set(id, found.get(id) ?? null);
  }

  /** Null for one that is not there any more. */
  get(id: string): CallerActor | null {
    return this.#known.get(id) ?? null;
  }
}
