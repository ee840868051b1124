import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { type CallerActor, type FoundCaller, findCaller } from "../callers/find.ts";
import { rowsOf } from "../callers/rows-of.ts";
import { findGrants } from "../grants/data.ts";
import { findCluster, findSubject } from "../grants/references.ts";
import { findNamespaceLabels } from "../labels/namespace-labels.ts";
import { requireIdentity, requirePermission } from "../permission.ts";
import { compileDecisionTable, type GrantRow } from "../policy/compile.ts";
import type { Decision, DecisionInput } from "../policy/decision.ts";
import { attributesToAuthorize } from "../policy/request-attributes.ts";
import { sessionKindAskedFor } from "../policy/session-kind.ts";
import { loadCurrentScopes, loadGrantRows } from "../table/load.ts";
import { attributesOf } from "./attributes-of.ts";
import { explainGrant } from "./explain-grant.ts";
import { decideBy, scopeOf } from "./probe.ts";
import { type GrantTrace, SimulateInput, type Simulation } from "./schema.ts";

const Labels = z.record(z.string(), z.string());
/** So many grants are explained one by one; those on the cluster first. */
const MOST_EXPLAINED = 100;

/**
 * Whether a call would be allowed, which grant, role and rule says so, and why the others do not. Of oneself anybody may ask. Read, compiled and
 * evaluated as for the gateway; nothing is asked of the cluster.
 * @throws AppError `invalid_argument`, which names the field; `permission_denied` for others than oneself.
 */
export async function simulateCall({
  ctx,
  input,
}: {
  ctx: Context;
  input: Partial<SimulateInput>;
}): Promise<Simulation> {
  requireIdentity(ctx);
  const asked = SimulateInput.parse(input);
  if (asked.subject !== null) requirePermission(ctx, "access:read");
  const { caller, cluster } = await inTransaction(database(), async (tx) => ({
    caller: await callerOf(tx, ctx, asked),
    cluster: await findLabelledCluster(tx, asked.cluster),
  }));
  const question = askOf(asked, caller.actor, cluster);
  const rows = rowsOf(caller.actor, await loadGrantRows(await loadCurrentScopes()));
  const decision = decideBy(rows, question);
  const explained = await explain(rows, question, decision);
  return {
    ...verdictOf(decision, explained.grants),
    subject: viewCaller(caller.actor),
    cluster: { id: cluster.id, name: cluster.name },
    ...explained,
    notes: [...notesOf(caller), ...unknownLabels(rows, question)],
  };
}

async function callerOf(tx: Transaction, ctx: Context, asked: SimulateInput): Promise<FoundCaller> {
  const { subject, subjectKind, subjectProvider } = asked;
  if (subject !== null) {
    const found = await findSubject(tx, ctx, { kind: subjectKind, text: subject, provider: subjectProvider });
    return findCaller(tx, found.id);
  }
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "application")
    throw new AppError("invalid_argument", "subject: got nothing; takes a person or an application");
  return { actor, enabled: true };
}

async function findLabelledCluster(tx: Transaction, text: string): Promise<DecisionInput["cluster"]> {
  const { id, name } = await findCluster(tx, text);
  const row = await tx.cluster.findUniqueOrThrow({ where: { id }, select: { labels: true } });
  return { id, name, labels: Labels.parse(row.labels) };
}

function askOf(asked: SimulateInput, actor: CallerActor, cluster: DecisionInput["cluster"]): DecisionInput {
  const attributes = attributesToAuthorize(attributesOf(asked));
  return {
    actor,
    cluster,
    namespaceLabels: findNamespaceLabels(cluster.id, attributes.namespace),
    attributes,
    circumstances: {
      time: asked.at === null ? Date.now() : Date.parse(asked.at),
      clientAddress: asked.clientAddress,
      accessMethod: asked.accessMethod,
      sessionKind: sessionKindAskedFor(attributes),
      secondFactorAt: asked.secondFactorAt === null ? null : Date.parse(asked.secondFactorAt),
    },
    impersonation: asked.as === null ? null : { user: asked.as, groups: asked.asGroups },
  };
}

function verdictOf(
  decision: Decision,
  grants: readonly GrantTrace[],
): Pick<Simulation, "allowed" | "verdict" | "impersonate" | "until"> {
  if (!decision.allowed) return { allowed: false, verdict: decision.reason, impersonate: null, until: null };
  const { role, grantId, impersonate, until } = decision;
  const { user, groups, extra } = impersonate;
  const by = grants.find(({ grant }) => grant.id === grantId)?.rule;
  return {
    allowed: true,
    verdict: by ? `role ${role} allows it by rule ${by.number}: ${by.text}` : `role ${role} allows it`,
    impersonate: { user, groups: [...groups], extra: copyOf(extra) },
    until: Number.isFinite(until) ? new Date(until).toISOString() : null,
  };
}

async function explain(
  rows: readonly GrantRow[],
  question: DecisionInput,
  decision: Decision,
): Promise<Pick<Simulation, "grants" | "unexplained">> {
  const isThere = (row: GrantRow) => scopeOf(row).reaches(question.cluster.id);
  const inOrder = rows.toSorted((a, b) => Number(isThere(b)) - Number(isThere(a))).slice(0, MOST_EXPLAINED);
  const deciding = decision.allowed ? decision.grantId : null;
  const views = new Map(
    (await findGrants(inOrder.map(({ grantId }) => grantId))).map((view) => [view.id, view]),
  );
  const grants: GrantTrace[] = [];
  for (const row of inOrder) {
    const grant = views.get(row.grantId);
    // Revoked since it was read.
    if (!grant) continue;
    grants.push({ grant, ...explainGrant(row, question, deciding) });
    // A grant of a long role takes a while, and anybody may ask: others have their turn.
    await setImmediate();
  }
  return { grants: grants.toSorted(byWeight), unexplained: rows.length - inOrder.length };
}

const WEIGHTS: Record<GrantTrace["outcome"], number> = { denies: 0, decides: 1, allows: 2, silent: 3 };
const byWeight = (a: GrantTrace, b: GrantTrace) =>
  WEIGHTS[a.outcome] - WEIGHTS[b.outcome] || (a.grant.role.name < b.grant.role.name ? -1 : 1);

function viewCaller(actor: CallerActor): Simulation["subject"] {
  if (actor.kind === "application")
    return { kind: "application", id: actor.id, name: actor.name, groups: [] };
  return { kind: "user", id: actor.id, name: actor.email, groups: [...actor.groups] };
}

/** A rule or a project that goes by labels which are not known here allows nothing, and denies. */
function unknownLabels(
  rows: readonly GrantRow[],
  { cluster, namespaceLabels, attributes }: DecisionInput,
): string[] {
  const isAsked = attributes.namespace !== "" && compileDecisionTable(rows).asksNamespaceLabels(cluster.id);
  return isAsked && !namespaceLabels
    ? [
        `The labels of namespace ${attributes.namespace} are not known here, and a rule or a project goes by them.`,
      ]
    : [];
}

function notesOf({ actor, enabled }: FoundCaller): string[] {
  const who = actor.kind === "user" ? "The person" : "The application";
  if (enabled) return [];
  return [
    `${who} is disabled, or of an identity provider that is not configured: every call is refused before a role is asked.`,
  ];
}

const copyOf = (extra: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
