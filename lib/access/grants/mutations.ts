import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { announceAccessChange } from "../table/announce.ts";
import { findGrant, readGrant } from "./data.ts";
import { findRole, findSubject } from "./references.ts";
import { CreateGrantInput, type GrantView } from "./schema.ts";
import { findScope } from "./scope.ts";

/**
 * Grants a role to a person, group or application on one cluster or all, in some namespaces or all, or in a project, a department or a node
 * pool, for a time or until revoked.
 * @throws AppError `invalid_argument` that names what is not known.
 */
export async function createGrant({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateGrantInput;
}): Promise<GrantView> {
  requirePermission(ctx, "access:write");
  const wanted = CreateGrantInput.parse(input);
  const expiresAt = readExpiry(wanted.expiresAt);
  return inTransaction(database(), async (tx) => {
    const role = await findRole(tx, wanted.role);
    const scope = await findScope(tx, wanted);
    const subject = await findSubject(tx, ctx, {
      kind: wanted.subjectKind,
      text: wanted.subject,
      provider: wanted.subjectProvider,
    });
    const grant = await tx.grant.create({
      data: {
        roleId: role.id,
        subjectKind: wanted.subjectKind,
        subjectId: subject.id,
        ...scope.columns,
        expiresAt,
        reason: wanted.reason,
        grantedBy: giverOf(ctx),
      },
    });
    const view = await readGrant(tx, grant.id);
    await announceAccessChange(tx);
    await recordEvent(tx, ctx, {
      action: "Create",
      entityType: "AccessGrant",
      entityId: grant.id,
      entityName: nameOf(view),
      cluster: scope.cluster,
      after: view,
    });
    return view;
  });
}

/** Takes a grant back. What runs by it ends within seconds. */
export async function revokeGrant({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "access:write");
  const before = await findGrant(input.id);
  if (!before) throw new AppError("not_found", "There is no grant with that id, or it is revoked already.");
  await inTransaction(database(), async (tx) => {
    const { count } = await tx.grant.updateMany({
      where: { id: before.id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) return;
    const cluster = before.cluster && (await tx.cluster.findUnique({ where: { id: before.cluster.id } }));
    await announceAccessChange(tx);
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      entityType: "AccessGrant",
      entityId: before.id,
      entityName: nameOf(before),
      cluster,
      before,
    });
  });
}

/** Who gave it, as it stays readable when they are gone. */
const giverOf = ({ actor }: Context) =>
  actor.kind === "user" ? actor.email : actor.kind === "anonymous" ? null : actor.name;

const nameOf = ({ role, subject }: GrantView) => `${role.name} to ${subject.kind} ${subject.name}`;

function readExpiry(text: string | null): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt.getTime() > Date.now()) return expiresAt;
  const detail = { field: "expiresAt", got: text, takes: "a time that is still to come" };
  throw new AppError("invalid_argument", `expiresAt: got ${text}; takes ${detail.takes}`, {
    details: [detail],
  });
}
