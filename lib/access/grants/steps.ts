import { recordEvent } from "../../audit/events/record.ts";
import { actorName, type Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import type { GrantOrigin, SubjectKind } from "../policy/schema.ts";
import { announceAccessChange } from "../table/announce.ts";
import { readGrant } from "./data.ts";
import type { Reference } from "./references.ts";
import type { GrantView } from "./schema.ts";
import type { GrantScope } from "./scope.ts";

// Steps of the mutations, each within its caller's transaction.

export interface NewGrant {
  /** A request's, where it becomes this grant. */
  id?: string;
  origin: GrantOrigin;
  role: Reference;
  subjectKind: SubjectKind;
  subject: Reference;
  scope: GrantScope;
  agentTag?: string | null;
  reason: string | null;
  expiresAt: Date | null;
}

/** Stores a grant with its event; it counts when the transaction commits. */
export async function giveGrant(tx: Transaction, ctx: Context, wanted: NewGrant): Promise<GrantView> {
  const { id: requestId, role, subject, scope, subjectKind, ...rest } = wanted;
  const { id } = await tx.grant.create({
    data: {
      ...rest,
      ...(requestId !== undefined && { id: requestId }),
      roleId: role.id,
      subjectKind,
      subjectId: subject.id,
      ...scope.columns,
      grantedBy: actorName(ctx),
    },
  });
  const view = await readGrant(tx, id);
  await announceAccessChange(tx);
  await recordEvent(tx, ctx, {
    action: "Create",
    entityType: "AccessGrant",
    entityId: id,
    entityName: nameOfGrant(view),
    cluster: scope.cluster,
    after: view,
  });
  return view;
}

/** Takes a grant back, with its event. @returns whether it counted until now. */
export async function takeBackGrant(
  tx: Transaction,
  ctx: Context,
  { before, reason }: { before: GrantView; reason: string | null },
): Promise<boolean> {
  const { count } = await tx.grant.updateMany({
    where: { id: before.id, revokedAt: null },
    data: { revokedAt: new Date(), revokedBy: actorName(ctx), revokeReason: reason },
  });
  if (count === 0) return false;
  await announceAccessChange(tx);
  await recordEvent(tx, ctx, {
    action: "Delete",
    operation: "Revoke",
    entityType: "AccessGrant",
    entityId: before.id,
    entityName: nameOfGrant(before),
    cluster: await clusterOf(tx, before),
    before,
    after: reason === null ? null : { reason },
  });
  return true;
}

/** The cluster of a grant as events name one. */
export function clusterOf(tx: Transaction, { cluster }: Pick<GrantView, "cluster">) {
  return cluster && tx.cluster.findUnique({ where: { id: cluster.id } });
}

export const nameOfGrant = ({ role, subject }: GrantView) =>
  `${role.name} to ${subject.kind} ${subject.name}`;

/** @throws AppError `invalid_argument` of the field `expiresAt` for a time that is over. */
export function readExpiry(text: string | null): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt.getTime() > Date.now()) return expiresAt;
  const detail = { field: "expiresAt", got: text, takes: "a time that is still to come" };
  throw new AppError("invalid_argument", `expiresAt: got ${text}; takes ${detail.takes}`, {
    details: [detail],
  });
}
