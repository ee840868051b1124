import { AppError } from "../../errors.ts";
import { type StoredEvent, toEventEntries } from "../event-history/entries.ts";
import { bodyOf, readEventBodies } from "../event-history/get.ts";
import type { EventEntry } from "../event-history/schema.ts";
import { EVENT_SURFACE } from "../event-history/surface.ts";
import { prepareQuery, readAudit } from "../query/audit-query.ts";
import { readRows } from "../query/rows.ts";
import type { AuditScope } from "../query/scope.ts";
import { ExportManifest } from "./schema.ts";
import { ExportTicket } from "./ticket.ts";

/** An export as its events tell of it. */
interface FoundExport {
  ticket: ExportTicket;
  started: EventEntry;
  end: { at: EventEntry; rows: number; bytes: number; sha256: string } | null;
}

const EVER = { from: new Date("0001-01-01T00:00:00Z"), to: new Date("9999-12-31T00:00:00Z") };

/** @throws AppError `not_found` for an id that is unknown, or another person's to whoever sees only their own. */
export function findExport({ scope, id }: { scope: AuditScope; id: string }): Promise<FoundExport> {
  return readAudit(async (run) => {
    const query = await prepareQuery(run, {
      surface: EVENT_SURFACE,
      scope,
      window: EVER,
      filter: {
        kind: "and",
        nodes: [
          { kind: "comparison", field: "entityType", op: "=", values: ["Export"] },
          { kind: "comparison", field: "entityId", op: "=", values: [id] },
        ],
      },
      reference: { now: new Date(), timeZone: "UTC" },
    });
    const rows = await readRows(run, query, { limit: 100, order: "oldest" });
    const bodies = await readEventBodies(run, rows as StoredEvent[]);
    const [started, ...later] = await toEventEntries(run, rows);
    const ticket = started && ExportTicket.safeParse(bodyOf(bodies, started.no).requestBody);
    if (!started || !ticket?.success)
      throw new AppError("not_found", `There is no export ${id}, or it is not yours.`);
    const end = later
      .map((at) => ({
        at,
        ...(bodyOf(bodies, at.no).after as { rows: number; bytes: number; sha256?: string } | null),
      }))
      .find(({ sha256 }) => sha256 !== undefined);
    return { ticket: ticket.data, started, end: (end as FoundExport["end"] | undefined) ?? null };
  });
}

/** What a file holds, who asked for it, and its hash once it was sent to the end. @throws AppError `not_found` */
export async function getExportManifest(input: { scope: AuditScope; id: string }): Promise<ExportManifest> {
  const { ticket, started, end } = await findExport(input);
  return ExportManifest.parse({
    ...ticket,
    id: input.id,
    requestedBy: { name: started.name, email: started.email, id: started.sourceId },
    startedAt: started.happenedAt,
    finishedAt: end?.at.happenedAt ?? null,
    complete: end !== null,
    rows: end?.rows ?? null,
    bytes: end?.bytes ?? null,
    sha256: end?.sha256 ?? null,
  });
}
