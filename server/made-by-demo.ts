import type { Transaction } from "../lib/db/client.ts";
import type { MadeByDemo } from "./end-demo.ts";

/** What the record says that the demo's start and its people made: the ids of the objects. */
const MADE = `
  select distinct e.entity_id as id from audit_event e
  join audit_actor a on a.id = e.actor_id
  join audit_dictionary ac on ac.id = e.action_id
  where ac.value = 'Create' and e.entity_id is not null
    and ((a.kind = 'system' and a.name = 'demo') or (a.kind = 'user' and a.email = any($1)))`;

/** For a database that was the demo's and a real installation's, before databases were marked. `emails` are the demo's people. */
export async function findMadeByDemo(tx: Transaction, emails: readonly string[]): Promise<MadeByDemo> {
  const people = await tx.user.findMany({ where: { email: { in: [...emails] } }, select: { id: true } });
  const made = await tx.$queryRawUnsafe<{ id: string }[]>(MADE, emails);
  return new Set([...people, ...made].map(({ id }) => id));
}
