import { LIST_SCHEMA } from "./schema-names.ts";

/** A list as RFC 7644, section 3.4.2 has it. */
export function listAnswer(
  resources: readonly object[],
  { total, startIndex }: { total: number; startIndex: number },
) {
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
