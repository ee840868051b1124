import type { SavedView as StoredView } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { recordEvent } from "../events/record.ts";
import { presentView } from "./data.ts";
import type { CreateSavedView, SavedView, UpdateSavedView } from "./schema.ts";

function ownerOf({ actor }: Context): string {
  if (actor.kind === "user") return actor.id;
  throw new AppError("permission_denied", "Views belong to people. Sign in as one to keep a view.");
}

const contentOf = ({ surface, name, query, shared }: StoredView) => ({ surface, name, query, shared });
const entityOf = ({ id, name }: StoredView) => ({
  entityType: "SavedView" as const,
  entityId: id,
  entityName: name,
});

/** A list of views is sent whole. */
const MOST_VIEWS = 200;

/** Keeps a view. @throws AppError `conflict` where one has a view of that name, or too many. */
export function createSavedView({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateSavedView;
}): Promise<SavedView> {
  const ownerId = ownerOf(ctx);
  const write = inTransaction(database(), async (tx) => {
    if ((await tx.savedView.count({ where: { ownerId } })) >= MOST_VIEWS) {
      throw new AppError("conflict", `You have ${MOST_VIEWS} views, which is the most. Delete one first.`);
    }
    const view = await tx.savedView.create({ data: { ...input, ownerId }, include: { owner: true } });
    await recordEvent(tx, ctx, { action: "Create", ...entityOf(view), after: contentOf(view) });
    return presentView(ctx, view);
  });
  return refuseDuplicate(write, { field: "name", value: input.name });
}

/** Changes one's own view. @throws AppError `not_found`, `conflict` */
export function updateSavedView({
  ctx,
  input: { id, ...changes },
}: {
  ctx: Context;
  input: UpdateSavedView & { id: string };
}): Promise<SavedView> {
  const write = inTransaction(database(), async (tx) => {
    const before = await requireOwnView(tx, ctx, id);
    const view = await tx.savedView.update({ where: { id }, data: changes, include: { owner: true } });
    await recordEvent(tx, ctx, {
      action: "Update",
      ...entityOf(view),
      before: contentOf(before),
      after: contentOf(view),
    });
    return presentView(ctx, view);
  });
  return refuseDuplicate(write, { field: "name", value: changes.name ?? "" });
}

/** Deletes one's own view. @throws AppError `not_found` */
export function deleteSavedView({
  ctx,
  input: { id },
}: {
  ctx: Context;
  input: { id: string };
}): Promise<SavedView> {
  return inTransaction(database(), async (tx) => {
    const before = await requireOwnView(tx, ctx, id);
    const view = await tx.savedView.delete({ where: { id }, include: { owner: true } });
    await recordEvent(tx, ctx, { action: "Delete", ...entityOf(view), before: contentOf(before) });
    return presentView(ctx, view);
  });
}

async function requireOwnView(tx: Transaction, ctx: Context, id: string): Promise<StoredView> {
  const view = await tx.savedView.findFirst({ where: { id, ownerId: ownerOf(ctx) } });
  if (view) return view;
  throw new AppError(
    "not_found",
    "You have no saved view with this id. Only its owner changes a shared view.",
  );
}
