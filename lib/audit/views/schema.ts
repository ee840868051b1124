import { z } from "zod";
import { nameText } from "../../names/schema.ts";

export const SavedViewSurface = z.enum(["request_audit", "event_history", "recordings"], {
  error: "request_audit, event_history or recordings",
});
export type SavedViewSurface = z.infer<typeof SavedViewSurface>;

const Name = nameText(80);
const Query = z
  .string({ error: "the query string of the page's address" })
  // A filter may have 8,000 characters, and each may take several once it is encoded.
  .max(32_000, "at most 32000 characters")
  .regex(/^[\x21-\x7e]*$/, "a query string, percent-encoded, without the ?");

/** A kept view: the query string of a page's address. */
export const SavedView = z
  .object({
    id: z.uuid(),
    surface: SavedViewSurface,
    name: z.string(),
    query: z.string().meta({ description: "The page's query string, without ?." }),
    shared: z
      .boolean()
      .meta({ description: "Everyone who signs in sees it; each sees only the data that they may." }),
    own: z.boolean(),
    ownerName: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "SavedView" });
export type SavedView = z.infer<typeof SavedView>;

export const SavedViewList = z.object({ views: z.array(SavedView) }).meta({ id: "SavedViewList" });
export type SavedViewList = z.infer<typeof SavedViewList>;

export const ListSavedViewsQuery = z.strictObject({ surface: SavedViewSurface.optional() });
export type ListSavedViewsQuery = z.infer<typeof ListSavedViewsQuery>;

export const CreateSavedView = z
  .strictObject({
    surface: SavedViewSurface,
    name: Name,
    query: Query,
    shared: z.boolean({ error: "true or false" }).default(false),
  })
  .meta({ id: "CreateSavedView" });
export type CreateSavedView = z.infer<typeof CreateSavedView>;

export const UpdateSavedView = z
  .strictObject({
    name: Name.optional(),
    query: Query.optional(),
    shared: z.boolean({ error: "true or false" }).optional(),
  })
  .meta({ id: "UpdateSavedView" });
export type UpdateSavedView = z.infer<typeof UpdateSavedView>;

export const SavedViewPath = z.object({ id: z.uuid({ error: "the id of a saved view" }) });
