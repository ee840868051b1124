import { type FilterField, findField } from "../../../../lib/filter/fields.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import { bothFilters, type FilterNode } from "../../../../lib/filter/tree.ts";
import type { AuditQuery } from "../audit-query.ts";
import type { AuditSurface } from "../surface.ts";

/**
 * What looks for a searched text where the search field does not look: null where nothing is searched.
 * `filter`: within what is asked already; `added(filter)`: the same, put to a filter of the address; `where`: the fields in words.
 */
export function filterOfSearch(
  surface: Pick<AuditSurface<never>, "fields" | "search">,
  query: Pick<AuditQuery, "filter" | "search">,
): { filter: string; where: string; added: (filter: string) => string } | null {
  const text = query.search.trim();
  if (text === "") return null;
  const fields = surface.search.elsewhere.filter((name) =>
    isLongEnough(text, findField(surface.fields, name)),
  );
  const elsewhere: FilterNode = {
    kind: "or",
    nodes: fields.map((field) => ({ kind: "comparison", field, op: ":", values: [text] })),
  };
  const added = (filter: string) => {
    const parsed = parseFilter(filter, surface.fields);
    return formatFilter(bothFilters(parsed.ok ? parsed.filter : null, elsewhere));
  };
  const labels = fields.map((name) => findField(surface.fields, name)?.label ?? name);
  return {
    filter: added(query.filter),
    where: `${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}`,
    added,
  };
}

const isLongEnough = (text: string, field: FilterField | undefined): boolean =>
  [...text].length >= (field?.leastCharacters ?? 0);
