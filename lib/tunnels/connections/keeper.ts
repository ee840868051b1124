import { config } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";
import { logDisconnect } from "./log.ts";

const END_EVERY_MS = 10_000;
const FORGET_EVERY_MS = 300_000;
/** A process that has said nothing of a connection for so long is gone. */
const GONE_AFTER_SECONDS = 30;
/** Of one agent, so many connections that have ended are kept. */
const MOST_KEPT = 500;
const AT_ONCE = 100;

/** Ends in the log what processes left that are gone, and forgets what is old. Every replica does. */
export function startConnectionKeeper(): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const every = (ms: number, keep: () => Promise<void>) => {
    const timer = setInterval(() => {
      running = running
        .then(keep)
        .catch((error: unknown) => log.warn({ err: error }, "the agents' log of connects could not be kept"));
    }, ms);
    return timer.unref();
  };
  const timers = [every(END_EVERY_MS, endLeftConnections), every(FORGET_EVERY_MS, forgetOldConnections)];
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await running;
    },
  };
}

/** Ends, as of when they were last seen, the connections of which no process has said anything for half a minute. */
export async function endLeftConnections(): Promise<void> {
  const left = await database().$queryRaw<{ id: string }[]>`
    select id from tunnel_connections
    where until is null and seen_at < now() - make_interval(secs => ${GONE_AFTER_SECONDS}) limit ${AT_ONCE}`;
  const ctx = systemContext("agents");
  for (const { id } of left)
    await logDisconnect(ctx, { id, ending: "the gateway's process was gone", traffic: null });
}

/** Forgets connections that ended before the record's days, and of each agent all but the newest. */
export async function forgetOldConnections(): Promise<void> {
  const days = config().audit.retentionDays;
  await database().$executeRaw`
    delete from tunnel_connections where until < now() - make_interval(days => ${days}) or id in (
      select id from (
        select id, row_number() over (partition by agent_id order by since desc) as place
        from tunnel_connections where until is not null
      ) ended where place > ${MOST_KEPT})`;
  await database().$executeRaw`delete from tunnel_used_proofs where expires_at < now()`;
}
