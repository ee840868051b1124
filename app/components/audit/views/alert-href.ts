import type { SavedViewSurface } from "../../../../lib/audit/views/schema.ts";

/** The form of an alert, filled in with the filter of a list's address: a name may come with it. */
export function alertHrefOf(surface: SavedViewSurface, query: string, name = ""): string {
  const filter = new URLSearchParams(query).get("filter") ?? "";
  return `/audit/alerts?${new URLSearchParams({ "alert-of": surface, filter, name })}`;
}
