import { gatewayPool } from "../../../db/connection.ts";
import { log } from "../../../log.ts";
import { returnUses, takeNotedUses } from "./noted-uses.ts";

const EVERY_MS = 30_000;

// Rows that somebody is changing are left out: their next use is soon enough. To the minute: most turns of most grants write nothing.
const KEEP = `
  with uses as (
    select g.id, date_trunc('minute', u.at) as minute
    from unnest($1::uuid[], $2::timestamptz[]) as u (id, at)
    join grants g on g.id = u.id
    where g.last_used_at is null or g.last_used_at < date_trunc('minute', u.at)
    order by g.id for update of g skip locked
  )
  update grants g set last_used_at = uses.minute from uses where g.id = uses.id`;

/** Writes down when grants were used last: one statement for all of this process. */
export async function keepGrantUses(): Promise<void> {
  const uses = takeNotedUses();
  if (uses.size === 0) return;
  try {
    const times = [...uses.values()].map((at) => new Date(at));
    await gatewayPool().query(KEEP, [[...uses.keys()], times]);
  } catch (error) {
    returnUses(uses);
    throw error;
  }
}

/** Keeps `last_used_at` of grants, in each process that decides calls. */
export function startGrantUses({ everyMs = EVERY_MS } = {}): { stop(): Promise<void> } {
  const keep = () =>
    keepGrantUses().catch((error: unknown) =>
      log.warn({ err: error }, "when grants were used could not be written down; it is tried again"),
    );
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(keep);
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
      await keep();
    },
  };
}
