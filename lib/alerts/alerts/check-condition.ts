import { prepareQuery, type ReadQuery, readAudit, readQuery } from "../../audit/query/audit-query.ts";
import { comparisonsOf } from "../../audit/query/compile.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import type { Surface } from "../../audit/query/surface.ts";
import type { SavedViewSurface } from "../../audit/views/schema.ts";
import { AppError } from "../../errors.ts";
import { findField } from "../../filter/fields.ts";
import { SURFACES } from "../surfaces.ts";

/**
 * Reads an alert's filter as the list does.
 * @throws AppError `invalid_argument` that points at the character, or names what there is none of, or what no alert can ask for.
 */
export async function checkCondition(
  scope: AuditScope,
  { surface: name, filter, timeZone }: { surface: SavedViewSurface; filter: string; timeZone: string },
): Promise<void> {
  const { surface } = SURFACES[name];
  const read = readQuery(surface, { filter, timeZone });
  refuseTextOfSessions(surface, read);
  await readAudit((run) => prepareQuery(run, { surface, scope, ...read }));
}

/** What was typed and shown in a session can be searched some time after its row is on the record: an alert would look too early, and miss it. */
function refuseTextOfSessions(surface: Surface, { filter }: ReadQuery): void {
  for (const { field } of comparisonsOf(filter)) {
    const column = surface.columns[findField(surface.fields, field)?.name ?? ""];
    if (column?.holds !== "recordingText") continue;
    const takes = "a filter without what was typed or shown in sessions, which is searchable only later";
    throw new AppError("invalid_argument", `filter: got ${field}; takes ${takes}`, {
      details: [{ field: "filter", got: field, takes }],
    });
  }
}
