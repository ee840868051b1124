import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { tellOfEnd } from "../requests/told.ts";
import { announceAccessChange } from "../table/announce.ts";
import { findGrant } from "./data.ts";
import { findRole, findSubject } from "./references.ts";
import { CreateGrantInput, type GrantView, RevokeGrantInput, UpdateGrantInput } from "./schema.ts";
import { findScope } from "./scope.ts";
import { clusterOf, giveGrant, nameOfGrant, readExpiry, takeBackGrant } from "./steps.ts";

const GRANT = "AccessGrant" as const;

/**
 * Grants a role to a person, group or application on one cluster or all, in some namespaces or all, or in a project, a department or a node
 * pool, for a time or until revoked.
 * @throws AppError `invalid_argument` that names what is not known.
 */
export function createGrant({ ctx, input }: { ctx: Context; input: CreateGrantInput }): Promise<GrantView> {
  const attempt = {
    action: "Create",
    entityType: GRANT,
    entityName: `${input.role} to ${input.subject}`,
  } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "access:write");
    const wanted = CreateGrantInput.parse(input);
    const expiresAt = readExpiry(wanted.expiresAt);
    return inTransaction(database(), async (tx) => {
      const role = await findRole(tx, wanted.role);
      const scope = await findScope(tx, wanted);
      const { subjectKind, agentTag, reason } = wanted;
      const named = { kind: subjectKind, text: wanted.subject, provider: wanted.subjectProvider };
      const subject = await findSubject(tx, ctx, named);
      const given = { role, subjectKind, subject, scope, agentTag, reason, expiresAt };
      return giveGrant(tx, ctx, { origin: "grant", ...given });
    });
  });
}

/**
 * Gives a grant another end, also one that is over. What runs by it ends then.
 * @throws AppError `not_found`, `invalid_argument` for a time that is over.
 */
export function updateGrant({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateGrantInput;
}): Promise<GrantView> {
  const attempt = { action: "Update", entityType: GRANT, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "access:write");
    const { id, ...rest } = input;
    const expiresAt = readExpiry(UpdateGrantInput.parse(rest).expiresAt);
    const before = await requireGrant(id);
    const after = { ...before, expiresAt: expiresAt?.toISOString() ?? null };
    return inTransaction(database(), async (tx) => {
      const where = { id, revokedAt: null };
      const { count } = await tx.grant.updateMany({ where, data: { expiresAt, changedAt: new Date() } });
      if (count === 0) throw noSuchGrant();
      await announceAccessChange(tx);
      const cluster = await clusterOf(tx, before);
      await recordEvent(tx, ctx, { ...attempt, entityName: nameOfGrant(before), cluster, before, after });
      return after;
    });
  });
}

/** Takes a grant back. What runs by it ends within seconds; a request that became it has ended. */
export function revokeGrant({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & RevokeGrantInput;
}): Promise<void> {
  const attempt = { action: "Delete", operation: "Revoke", entityType: GRANT, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "access:write");
    const { id, ...rest } = input;
    const { reason } = RevokeGrantInput.parse(rest);
    const before = await requireGrant(id);
    await inTransaction(database(), async (tx) => {
      const counted = await takeBackGrant(tx, ctx, { before, reason });
      if (counted && before.origin !== "grant") await tellOfEnd(tx, ctx, id);
    });
  });
}

async function requireGrant(id: string): Promise<GrantView> {
  const grant = await findGrant(id);
  if (!grant) throw noSuchGrant();
  return grant;
}

const noSuchGrant = () =>
  new AppError("not_found", "There is no grant with that id, or it is revoked already.");
