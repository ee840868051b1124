import type { SavedView as StoredView, User } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { type ListSavedViewsQuery, type SavedView, type SavedViewList, SavedViewSurface } from "./schema.ts";

/** One's own views and those that are shared, by name. Applications have none of their own. */
export async function listSavedViews(input: {
  ctx: Context;
  query: ListSavedViewsQuery;
}): Promise<SavedViewList> {
  const { ctx, query } = input;
  const own = ctx.actor.kind === "user" ? [{ ownerId: ctx.actor.id }] : [];
  const views = await database().savedView.findMany({
    where: { surface: query.surface, OR: [{ shared: true }, ...own] },
    include: { owner: true },
    orderBy: [{ name: "asc" }, { createdAt: "asc" }],
  });
  return { views: views.map((view) => presentView(ctx, view)) };
}

export function presentView(ctx: Context, view: StoredView & { owner: User }): SavedView {
  const { id, name, query, shared, createdAt, updatedAt, owner } = view;
  return {
    id,
    surface: SavedViewSurface.parse(view.surface),
    name,
    query,
    shared,
    own: ctx.actor.kind === "user" && ctx.actor.id === view.ownerId,
    ownerName: owner.name ?? owner.email,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
