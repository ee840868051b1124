import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { recordEventAlone } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { WaitingRoom } from "../../limits/waiting-room.ts";
import { processState } from "../../process-state.ts";
import type { CallerActor } from "../callers/find.ts";
import { rowsOf } from "../callers/rows-of.ts";
import { findNamespaceLabels } from "../labels/namespace-labels.ts";
import { requirePermission } from "../permission.ts";
import type { DecisionInput } from "../policy/decision.ts";
import { loadCurrentScopes, loadGrantRows } from "../table/load.ts";
import { changeRows } from "./changed-rows.ts";
import { type Change, type Comparison, compareCall, compileChange } from "./compare.ts";
import { findHolders, KnownCallers } from "./holders.ts";
import { type RecordedCall, readCalls } from "./read-calls.ts";
import { questionOfCall, recordedDecision } from "./recorded-question.ts";
import { DryRunInput, type DryRunLine } from "./schema.ts";
import { Tally } from "./tally.ts";

const DAY_MS = 86_400_000;
/** More calls than these are not looked at in one run, some minutes of work. */
const MOST_CALLS = 500_000;
/** Decided before others have their turn, some milliseconds. */
const CALLS_AT_ONCE = 200;

const places = processState(
  "access/dry-runs",
  () => new WaitingRoom({ what: "dry runs", most: 2, mostOfKey: 1, mostWaitingOfKey: 1, waitMs: 60_000 }),
);

/**
 * Which recorded calls a changed role would have refused or allowed: every call of whoever holds it is decided twice, by today's policy and by
 * the changed one, at its own time. Progress, then the result; ends when `signal` aborts. That the record is read is an event.
 * @throws AppError `permission_denied`, `not_found`, `resource_exhausted`
 */
export async function* dryRunRole({
  ctx,
  input,
  signal,
}: {
  ctx: Context;
  input: DryRunInput;
  signal: AbortSignal;
}): AsyncGenerator<DryRunLine> {
  requirePermission(ctx, "access:read");
  requirePermission(ctx, "audit:read");
  const asked = DryRunInput.parse(input);
  const leave = await places.enter("id" in ctx.actor ? ctx.actor.id : ctx.actor.kind, signal);
  try {
    yield* run(ctx, asked, signal);
  } finally {
    leave();
  }
}

async function* run(ctx: Context, asked: DryRunInput, signal: AbortSignal): AsyncGenerator<DryRunLine> {
  const { roleId, document, days } = asked;
  if (roleId !== null && !(await database().role.findUnique({ where: { id: roleId }, select: { id: true } })))
    throw new AppError("not_found", "There is no role with that id.");
  const to = new Date();
  const window = { from: new Date(to.getTime() - days * DAY_MS), to };
  await recordRun(ctx, asked, window);
  const rows = await loadGrantRows(await loadCurrentScopes());
  const holders = roleId === null ? [] : await findHolders(rows, roleId);
  const changed = roleId === null ? rows : changeRows(rows, { roleId, document });
  const tally = new Tally();
  const compare = await comparer((actor) => compileChange(rowsOf(actor, rows), rowsOf(actor, changed)));
  let reached = to;
  for await (const batch of holders.length === 0 ? [] : readCalls(holders, window)) {
    signal.throwIfAborted();
    await compare(batch.calls, tally);
    reached = batch.reached;
    yield {
      kind: "progress",
      checked: tally.checked,
      reached: reached.toISOString(),
      share: shareOf(window, reached),
    };
    if (tally.checked >= MOST_CALLS) break;
  }
  const isWhole = tally.checked < MOST_CALLS;
  yield {
    kind: "result",
    from: (isWhole ? window.from : reached).toISOString(),
    to: to.toISOString(),
    ...tally.finish(),
    notes: notesOf(asked, { holders: holders.length, isWhole }),
  };
}

const shareOf = ({ from, to }: { from: Date; to: Date }, reached: Date) =>
  (to.getTime() - reached.getTime()) / (to.getTime() - from.getTime());

function recordRun(ctx: Context, { roleId, document }: DryRunInput, { from, to }: { from: Date; to: Date }) {
  return recordEventAlone(ctx, {
    action: "View",
    operation: "Search",
    entityType: "RequestAudit",
    entityName: `dry run of role ${document.metadata.name}`,
    requestBody: { from: from.toISOString(), to: to.toISOString(), roleId, rules: document.spec.rules },
  });
}

/** Compares the calls of a batch, with callers and clusters as they are now. */
async function comparer(
  changeFor: (actor: CallerActor) => Change,
): Promise<(calls: readonly RecordedCall[], tally: Tally) => Promise<void>> {
  const callers = new KnownCallers();
  const changes = new Map<CallerActor, Change>();
  const clusters = await readClusters();
  const compare = (call: RecordedCall): Comparison | null => {
    const recorded = recordedDecision(call);
    if (recorded === null) return null;
    const actor = callers.get(call.actor.subjectId);
    const cluster = call.cluster && clusters.get(call.cluster.clusterId);
    if (!actor) return { kind: "untold", why: "who made it is not known here any more" };
    if (!cluster) return { kind: "untold", why: "its cluster is not registered any more" };
    const question = questionOfCall(call, { actor, cluster });
    const namespaceLabels = findNamespaceLabels(cluster.id, question.attributes.namespace);
    const change = changes.get(actor) ?? changeFor(actor);
    changes.set(actor, change);
    return compareCall(change, { ...question, namespaceLabels }, recorded);
  };
  return async (calls, tally) => {
    await callers.read(calls.map(({ actor }) => actor.subjectId));
    for (const [index, call] of calls.entries()) {
      const comparison = compare(call);
      if (comparison) tally.add(call, comparison);
      if (index % CALLS_AT_ONCE === CALLS_AT_ONCE - 1) await setImmediate();
    }
  };
}

const Labels = z.record(z.string(), z.string());

async function readClusters(): Promise<Map<string, DecisionInput["cluster"]>> {
  const rows = await database().cluster.findMany({
    where: { removedAt: null },
    select: { id: true, name: true, labels: true },
  });
  return new Map(rows.map(({ id, name, labels }) => [id, { id, name, labels: Labels.parse(labels) }]));
}

function notesOf(
  { roleId, document }: DryRunInput,
  { holders, isWhole }: { holders: number; isWhole: boolean },
): string[] {
  const rules = document.spec.rules;
  const byLabels = rules.some(
    ({ clusterLabels, namespaceLabels }) =>
      Object.keys(clusterLabels).length + Object.keys(namespaceLabels).length > 0,
  );
  return [
    roleId === null && "Nobody has this role yet: no call would be decided otherwise until it is granted.",
    roleId !== null && holders === 0 && "Nobody who holds the role has called anything yet.",
    "Grants and memberships of groups are those of today; a call that they decide otherwise than was recorded is not counted for the change.",
    byLabels && "Labels of clusters and namespaces are those of today.",
    "Reads that were kept off the record cannot be looked at.",
    !isWhole &&
      `The newest ${MOST_CALLS} calls were looked at; ask for fewer days to see that these are all.`,
  ].filter((note) => note !== false);
}
