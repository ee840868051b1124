import { recordIfRefused } from "../../../audit/events/refused.ts";
import { onPrisma } from "../../../audit/store/sql.ts";
import { config } from "../../../config.ts";
import { type Actor, actorName, type Context } from "../../../context.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { findGrant } from "../../grants/data.ts";
import { giveGrant, takeBackGrant } from "../../grants/steps.ts";
import { requirePermission } from "../../permission.ts";
import { requireFactorFor } from "../../second-factor.ts";
import { noSuchRequest } from "../find.ts";
import { findForViewer, viewerValues } from "../for-viewer.ts";
import {
  type AccessRequestForViewer,
  type AccessRequestView,
  ApproveAccessRequestInput,
  CreateAccessRequestInput,
  EndAccessRequestInput,
  RefuseAccessRequestInput,
} from "../schema.ts";
import { tellOfRequest } from "../told.ts";
import { approvedScope } from "./approved-scope.ts";
import { readWanted, type WantedAccess } from "./wanted.ts";

const REQUEST = "AccessRequest" as const;

type Person = Extract<Actor, { kind: "user" }>;

/**
 * Asks for a role on a cluster for a time, or takes it at once (`break_glass`).
 * @throws AppError `permission_denied` for anybody but a person, `invalid_argument` that names the field, `resource_exhausted` where too
 * many of theirs are open.
 */
export function createAccessRequest({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateAccessRequestInput;
}): Promise<AccessRequestView> {
  const attempt = { action: "Create", entityType: REQUEST, entityName: `${input.role}` } as const;
  return recordIfRefused(ctx, attempt, async () => {
    const person = requirePerson(ctx);
    if (input.kind === "break_glass") requireFactorFor(ctx, "access:write");
    const { reason, ...asked } = CreateAccessRequestInput.parse(input);
    return inTransaction(database(), async (tx) => {
      await requireRoom(tx, person);
      const wanted = await readWanted(tx, person, asked);
      const { id } = await tx.accessRequest.create({ data: rowOf(person, wanted, reason) });
      if (wanted.kind === "break_glass") await giveAtOnce(tx, ctx, { id, person, wanted, reason });
      return tellOfRequest(tx, ctx, { operation: "Create", before: null }, id);
    });
  });
}

function rowOf(person: Person, { kind, role, scope, durationMs }: WantedAccess, reason: string) {
  const now = new Date();
  return {
    kind,
    state: kind === "request" ? "open" : "approved",
    userId: person.id,
    person: person.email,
    roleId: role.id,
    roleName: role.name,
    clusterId: scope.cluster?.id ?? null,
    clusterName: scope.cluster?.name ?? null,
    projectId: scope.project?.id ?? null,
    projectName: scope.project?.name ?? null,
    namespaces: scope.columns.namespaces,
    durationSeconds: Math.floor(durationMs / 1_000),
    reason,
    createdAt: now,
    answerBy: new Date(now.getTime() + config().requests.answerWithinMs),
  };
}

/** What is open and what was taken at once are bounded, each, and counted one at a time for a person. */
async function requireRoom(tx: Transaction, person: Person): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`kubewitness/requests/${person.id}`}, 0))`;
  const most = config().requests.openPerPerson;
  const now = new Date();
  const open = await tx.accessRequest.count({
    where: { userId: person.id, state: "open", answerBy: { gt: now } },
  });
  const taken = await tx.grant.count({
    where: { subjectId: person.id, origin: "break_glass", revokedAt: null, expiresAt: { gt: now } },
  });
  if (open < most && taken < most) return;
  throw new AppError(
    "resource_exhausted",
    `${Math.max(open, taken)} of your requests are open, the most there may be (requests.open_per_person). Withdraw one, or wait for an answer.`,
  );
}

async function giveAtOnce(
  tx: Transaction,
  ctx: Context,
  { id, person, wanted, reason }: { id: string; person: Person; wanted: WantedAccess; reason: string },
): Promise<void> {
  const { role, scope, durationMs } = wanted;
  await giveGrant(tx, ctx, {
    id,
    origin: "break_glass",
    role,
    subjectKind: "user",
    subject: { id: person.id, name: person.email },
    scope,
    reason,
    expiresAt: new Date(Date.now() + durationMs),
  });
}

/**
 * Grants what was asked for, or less of it: a grant that ends by itself.
 * @throws AppError `permission_denied` for one's own and for whoever may not answer it, `conflict` where it is not open any more,
 * `invalid_argument` where it would be more than was asked for.
 */
export function approveAccessRequest({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & ApproveAccessRequestInput;
}): Promise<AccessRequestView> {
  const { id, ...rest } = input;
  return answer(ctx, { id, operation: "Approve" }, async (tx, before) => {
    const { word, ...given } = ApproveAccessRequestInput.parse(rest);
    const { scope, durationMs } = await approvedScope(tx, before, given);
    await decide(tx, ctx, { id, state: "approved", word });
    const [role, person] = [
      await tx.role.findUnique({ where: { id: before.role.id } }),
      await requireEnabled(tx, before),
    ];
    if (!role)
      throw new AppError("conflict", `There is no role ${before.role.name} any more: refuse the request.`);
    await giveGrant(tx, ctx, {
      id,
      origin: "request",
      role,
      subjectKind: "user",
      subject: person,
      scope,
      reason: before.reason,
      expiresAt: new Date(Date.now() + durationMs),
    });
  });
}

/** Refuses a request, in words that its person reads. */
export function refuseAccessRequest({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & RefuseAccessRequestInput;
}): Promise<AccessRequestView> {
  const { id, ...rest } = input;
  return answer(ctx, { id, operation: "Refuse" }, async (tx) => {
    const { word } = RefuseAccessRequestInput.parse(rest);
    await decide(tx, ctx, { id, state: "refused", word });
  });
}

/** Takes one's own request back while it is open. */
export function withdrawAccessRequest({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<AccessRequestView> {
  const { id } = input;
  return change(ctx, { id, operation: "Withdraw" }, async (tx, before) => {
    if (!before.own) throw notTheirs("withdraw");
    await decide(tx, ctx, { id, state: "withdrawn", word: null });
  });
}

/**
 * Ends what a request became before its time: for its person, for who may answer such a request, and for administrators. What runs by it ends
 * within seconds.
 */
export function endAccessRequest({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & EndAccessRequestInput;
}): Promise<AccessRequestView> {
  const { id, ...rest } = input;
  return change(ctx, { id, operation: "End" }, async (tx, request) => {
    const { reason } = EndAccessRequestInput.parse(rest);
    if (request.state !== "active") throw notAsItWas(request);
    if (!request.mayEnd) throw notTheirs("end");
    const before = await findGrant(id);
    const counted = before !== null && (await takeBackGrant(tx, ctx, { before, reason }));
    if (!counted) throw notAsItWas({ ...request, state: "ended" });
  });
}

interface Change {
  id: string;
  operation: "Approve" | "Refuse" | "Withdraw" | "End";
}

/** A change that only whoever may answer the request can make. */
function answer(
  ctx: Context,
  what: Change,
  run: (tx: Transaction, before: AccessRequestForViewer) => Promise<void>,
): Promise<AccessRequestView> {
  return change(ctx, what, async (tx, before) => {
    if (before.own)
      throw new AppError("permission_denied", "Nobody answers a request of their own. Ask somebody else to.");
    if (before.state !== "open") throw notAsItWas(before);
    if (!before.mayAnswer) throw notTheirs("answer");
    requireFactorFor(ctx, "access:write");
    await run(tx, before);
  });
}

async function change(
  ctx: Context,
  { id, operation }: Change,
  run: (tx: Transaction, before: AccessRequestForViewer) => Promise<void>,
): Promise<AccessRequestView> {
  const attempt = { action: "Update", operation, entityType: REQUEST, entityId: id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "requests:own");
    return inTransaction(database(), async (tx) => {
      const viewer = await viewerValues(tx, ctx);
      const seen = await findForViewer(onPrisma(tx), ctx, { id, viewer });
      if (seen === null) throw noSuchRequest();
      await run(tx, seen);
      const { own: _own, mayAnswer: _answer, mayEnd: _end, ...before } = seen;
      return tellOfRequest(tx, ctx, { operation, before }, id);
    });
  });
}

/** Of two who answer at once, the second finds it answered: the row is the first one's until it is committed. */
async function decide(
  tx: Transaction,
  ctx: Context,
  { id, state, word }: { id: string; state: "approved" | "refused" | "withdrawn"; word: string | null },
): Promise<void> {
  const now = new Date();
  const { count } = await tx.accessRequest.updateMany({
    where: { id, state: "open", answerBy: { gt: now } },
    data: { state, decidedAt: now, decidedBy: actorName(ctx), word },
  });
  if (count === 0)
    throw new AppError("conflict", "Somebody answered this request, or its time was over. Look again.");
}

async function requireEnabled(tx: Transaction, { person }: AccessRequestView) {
  const user = await tx.user.findUnique({ where: { id: person.id } });
  if (user?.enabled) return { id: user.id, name: user.email ?? user.id };
  throw new AppError("conflict", `${person.name} is disabled: refuse the request.`);
}

function requirePerson(ctx: Context): Person {
  requirePermission(ctx, "requests:own");
  if (ctx.actor.kind === "user") return ctx.actor;
  throw new AppError(
    "permission_denied",
    "People ask for access: an application is granted it by an administrator.",
  );
}

const notTheirs = (what: string) =>
  new AppError(
    "permission_denied",
    `You may not ${what} this request. Its person and its approvers may, each their part.`,
  );

const notAsItWas = ({ state }: { state: string }) =>
  new AppError("conflict", `This request is ${state}: it cannot be done any more.`);
