import { setTimeout as sleep } from "node:timers/promises";
import { type Comparison, compareRows, isWhole, problemsOf } from "./compare-rows.ts";
import type { Fault, Lasting, Rig } from "./faults/fault.ts";
import type { Installation } from "./installation.ts";
import { Load, type LoadSize } from "./load.ts";
import type { WrittenCall } from "./written-call.ts";

const SETTLE_MS = 60_000;
/** Once all agrees, so long must it stay that way: what comes twice comes late. */
const QUIET_MS = 1_500;

export interface TortureOptions {
  times: number;
  /** Of the load, where a fault has none of its own. */
  size: LoadSize;
  lasting: Lasting;
}

/** What came of one fault, done some times under one load. */
export interface FaultResult {
  faults: readonly string[];
  times: number;
  comparison: Comparison;
  /** Calls whose entry was damaged, and that are told as that, lost or interrupted; they are in none of the comparison's lists. */
  damaged: number;
  /** What else was not as it should be. */
  problems: string[];
}

export const isHeld = ({ comparison, problems }: FaultResult): boolean =>
  isWhole(comparison) && problems.length === 0;

/** Does each of the faults so many times, one after the other, under a load; then stops that and compares. */
export async function torture(
  installation: Installation,
  faults: readonly Fault[],
  { times, size, lasting }: TortureOptions,
): Promise<FaultResult> {
  const before = await installation.postgres.lastNumbers();
  installation.cluster.seen.clear();
  const load = new Load(installation.door, `t${(before.get("kube_request") ?? 0).toString(36)}`);
  const rig: Rig = { installation, load, lasting, damaged: [], cut: [], problems: [] };
  load.add((faults.length === 1 ? faults[0]!.size : undefined) ?? size);
  for (const fault of faults) {
    for (let round = 0; round < times; round++) {
      try {
        await fault.once(rig, round);
      } catch (error) {
        rig.problems.push(`${fault.name}: ${(error as Error).message}`);
        break;
      }
    }
  }
  await load.stop();
  const observe = async () => {
    nameSessions(load.calls, installation);
    const { postgres, cluster } = installation;
    const numbers = await postgres.numbersSince(before);
    const rows = await postgres.rowsSince(before.get("kube_request") ?? 0);
    return forgive(compareRows({ calls: load.calls, seen: cluster.seen.values(), rows, numbers }), rig);
  };
  const { comparison, damaged } = await settle(observe);
  return {
    ...{ faults: faults.map(({ name }) => name), times, comparison, damaged },
    problems: rig.problems,
  };
}

type Observation = ReturnType<typeof forgive>;

/** Waits until nothing is wrong and nothing more comes, or for a minute. */
async function settle(observe: () => Promise<Observation>): Promise<Observation> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const observed = await observe();
    if (performance.now() > deadline) return observed;
    if (isWhole(observed.comparison)) {
      await sleep(QUIET_MS);
      const again = await observe();
      if (again.comparison.rows === observed.comparison.rows) return again;
    } else await sleep(500);
  }
}

/** No answer names a session that began: the cluster knows it by its target. */
function nameSessions(calls: readonly WrittenCall[], { cluster }: Installation): void {
  for (const call of calls)
    if (call.kind === "session" && call.auditId === null) call.auditId = cluster.auditIdOf(call.name);
}

/** Takes out what may be lost, as its entry was damaged, and what may be interrupted, as its outcome was cut off. */
function forgive(comparison: Comparison, { damaged, cut }: Rig): { comparison: Comparison; damaged: number } {
  const ids = new Set<string>();
  const isIn = (texts: readonly string[], id: string | null): boolean => {
    if (id === null || !texts.some((text) => text.includes(id))) return false;
    ids.add(id);
    return true;
  };
  const isDamaged = (id: string | null) => isIn(damaged, id);
  const rest = {
    ...comparison,
    lost: comparison.lost.filter(({ auditId }) => !isDamaged(auditId)),
    differing: comparison.differing.filter(
      ({ call }) => !isDamaged(call.auditId) && !isIn(cut, call.auditId),
    ),
    changesWithoutRow: comparison.changesWithoutRow.filter(({ auditId }) => !isDamaged(auditId)),
  };
  return { comparison: rest, damaged: ids.size };
}

/** A table's head, and one row of each result. */
export const TABLE_HEAD = `| fault | times | calls | answered | refused | rows | interrupted | lost | doubled | gaps | changes without row | reads without row | damaged | |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|`;

export function formatResult(result: FaultResult): string {
  const { faults, times, comparison, damaged } = result;
  const cells = [
    ...[faults.join(", "), times, comparison.calls, comparison.answered, comparison.refused, comparison.rows],
    ...[comparison.interrupted, comparison.lost.length, comparison.doubled.length, comparison.gaps],
    ...[
      comparison.changesWithoutRow.length,
      comparison.readsWithoutRow,
      damaged,
      isHeld(result) ? "held" : "**broken**",
    ],
  ];
  return `| ${cells.join(" | ")} |`;
}

const SHOWN = 5;

/** What is wrong, in lines; none where nothing is. */
export function explainResult({ comparison, problems }: FaultResult): string[] {
  const counts = Object.entries(problemsOf(comparison)).filter(([, count]) => count > 0);
  const some = (what: string, list: readonly unknown[]) =>
    list.slice(0, SHOWN).map((one) => `  ${what}: ${JSON.stringify(one)}`);
  return [
    ...problems.map((problem) => `  ${problem}`),
    ...counts.map(([what, count]) => `  ${what}: ${count}`),
    ...some("lost", comparison.lost),
    ...some("doubled", comparison.doubled),
    ...some("change without row", comparison.changesWithoutRow),
    ...some("differing", comparison.differing),
    ...some("sent twice", comparison.sentTwice),
  ];
}
