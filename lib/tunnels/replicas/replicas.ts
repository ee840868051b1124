import { isDeepStrictEqual } from "node:util";
import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";
import { type HubIntroduction, MOST_HUBS } from "../protocol/introduction.ts";

const EVERY_MS = 5_000;
/** A replica that said nothing for so long is gone. */
const GONE_AFTER_SECONDS = 15;

export interface Replicas {
  /** This replica, and all that live. */
  introduction(): HubIntroduction;
  stop(): Promise<void>;
}

/**
 * Says that this replica is there, where `says` is set (one of its processes does), and keeps knowing which others are. While the database is away what
 * was known last goes on. `onChange`: they are others.
 */
export async function followReplicas({
  hub,
  says,
  onChange,
  everyMs = EVERY_MS,
}: {
  hub: string;
  says: boolean;
  onChange(): void;
  everyMs?: number;
}): Promise<Replicas> {
  let hubs = [hub];
  const look = async () => {
    if (says) await sayAlive(hub);
    const found = await findAlive(hub);
    if (isDeepStrictEqual(found, hubs)) return;
    hubs = found;
    onChange();
  };
  await look();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(look)
      .catch((error: unknown) => log.warn({ err: error }, "the other replicas could not be looked for"));
  }, everyMs);
  timer.unref();
  return {
    introduction: () => ({ hub, hubs }),
    stop: async () => {
      clearInterval(timer);
      await running;
      if (says) await database().tunnelHub.deleteMany({ where: { id: hub } });
    },
  };
}

async function sayAlive(hub: string): Promise<void> {
  await database().$executeRaw`
    insert into tunnel_hubs (id) values (${hub}::uuid) on conflict (id) do update set seen_at = now()`;
  await database().$executeRaw`delete from tunnel_hubs where seen_at < now() - interval '1 hour'`;
}

/** This one is there, whatever the table says of it yet. */
async function findAlive(hub: string): Promise<string[]> {
  const rows = await database().$queryRaw<{ id: string }[]>`
    select id from tunnel_hubs where seen_at > now() - make_interval(secs => ${GONE_AFTER_SECONDS})
    order by id limit ${MOST_HUBS}`;
  return [...new Set([...rows.map(({ id }) => id), hub])].sort();
}
