import type { FieldSet } from "../../../../lib/filter/fields.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import { bothFilters } from "../../../../lib/filter/tree.ts";
import type { SurfaceScope } from "../surface.ts";

/**
 * The part of a surface that an address shows: what it names; else the first, or everything where the address already says by a
 * filter or a search what it is after, as links and kept views do. Null where the surface has no parts.
 */
export function openedScope(
  scopes: readonly [SurfaceScope, ...SurfaceScope[]] | undefined,
  { show, narrowed }: { show: string | null; narrowed: boolean },
): SurfaceScope | null {
  if (!scopes) return null;
  const named = scopes.find(({ value }) => value === show);
  return named ?? (narrowed ? scopes.at(-1)! : scopes[0]);
}

/** The filter within a part. A filter that cannot be read stays as it is: nothing is asked with it. */
export function filterWithin(scope: SurfaceScope | null, filter: string, fields: FieldSet): string {
  if (!scope?.filter) return filter;
  const part = parseFilter(scope.filter, fields);
  if (!part.ok)
    throw new Error(`the filter of the part "${scope.value}" cannot be read: ${part.error.message}`);
  const own = parseFilter(filter, fields);
  return own.ok ? formatFilter(bothFilters(part.filter, own.filter)) : filter;
}
