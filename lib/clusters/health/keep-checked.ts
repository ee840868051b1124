import { Prisma } from "../../../prisma/generated/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { examineAndKeep } from "./check-cluster.ts";

const TICK_MS = 5_000;
const AT_ONCE = 4;
/** A check that nobody finished is due again after this. */
const LEASE_MS = 30_000;

export interface HealthChecks {
  /** Looks now, or goes on where it is looking, and resolves when no cluster is due. */
  runOnce(): Promise<void>;
  stop(): Promise<void>;
}

/** Checks each cluster every minute; of several replicas one does. */
export function keepClustersChecked({ tickMs = TICK_MS } = {}): HealthChecks {
  let stopped = false;
  let running: Promise<void> | null = null;
  // Where many do not answer, a look takes longer than a tick.
  const runOnce = () => {
    running ??= checkDue(() => stopped)
      .catch((error) => log.warn({ err: error }, "the clusters could not be checked"))
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = setInterval(runOnce, tickMs);
  timer.unref();
  void runOnce();
  return {
    runOnce,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

async function checkDue(isStopped: () => boolean): Promise<void> {
  while (!isStopped()) {
    await database().$executeRaw`
      insert into cluster_health (cluster_id) select id from clusters where removed_at is null on conflict do nothing`;
    const due = await takeDue();
    if (due.length === 0) return;
    await Promise.all(due.map(checkOne));
  }
}

async function takeDue(): Promise<string[]> {
  const rows = await database().$queryRaw<{ id: string }[]>(Prisma.sql`
    update cluster_health set due_at = now() + ${LEASE_MS} * interval '1 ms' where cluster_id in (
      select h.cluster_id from cluster_health h join clusters c on c.id = h.cluster_id
      where h.due_at <= now() and c.removed_at is null order by h.due_at limit ${AT_ONCE} for update of h skip locked)
    returning cluster_id as id`);
  return rows.map(({ id }) => id);
}

async function checkOne(id: string): Promise<void> {
  try {
    await examineAndKeep(id);
  } catch (error) {
    // Removed meanwhile.
    if (error instanceof AppError && error.code === "not_found") return;
    log.warn({ err: error, cluster: id }, "a cluster could not be checked");
  }
}
