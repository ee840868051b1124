import type { Filter } from "./filter.ts";
import { jq } from "./jq.ts";
import { grep, head, sort, tail, wc } from "./text-filters.ts";

/** Every filter by its name. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ grep, head, tail, wc, sort, jq }),
);
