import { z } from "zod";
import type { FilterNode } from "../../filter/tree.ts";
import { fieldSet, toldShape } from "../columns/derived/schema.ts";
import { RECORDINGS } from "../columns/recordings/schema.ts";
import { RequestAuditEntry } from "../request-audit/schema.ts";

/** One recording as the page, the API and the exports show it. Newest first, by `startedAt`, then `no`. */
export const RecordingEntry = z.object(toldShape(RECORDINGS)).meta({ id: "RecordingEntry" });
export type RecordingEntry = z.infer<typeof RecordingEntry>;

export const RecordingList = z
  .object({
    entries: z.array(RecordingEntry),
    next: z.string().nullable().meta({ description: "Cursor of the next page, or null." }),
  })
  .meta({ id: "RecordingList" });
export type RecordingList = z.infer<typeof RecordingList>;

/** The id of a recording, in a path. */
export const RecordingPath = z.object({ id: z.uuid({ error: "the id of a recording" }) });

/** What Request Audit has of a session. */
export const RecordingRelated = z
  .object({
    start: RequestAuditEntry.nullable().meta({
      description: "The row of the session's start; null for a web shell, and where it is not kept any more.",
    }),
    end: RequestAuditEntry.nullable().meta({ description: "That of its end; null while it runs, too." }),
    calls: z.array(RequestAuditEntry).meta({
      description: "What the same person called at the same cluster meanwhile, oldest first.",
    }),
    more: z.boolean().meta({ description: "There were more calls than are told." }),
  })
  .meta({ id: "RecordingRelated" });
export type RecordingRelated = z.infer<typeof RecordingRelated>;

/** What the search field beside the filter means: a part of the person's name or email, or of the cluster's or the pod's name. */
export function searchToRecordingFilter(search: string): FilterNode | null {
  const text = search.trim();
  if (text === "") return null;
  const nodes = ["user", "cluster", "pod"].map((field): FilterNode => {
    return { kind: "comparison", field, op: ":", values: [text] };
  });
  return { kind: "or", nodes };
}

/** What a filter over Pod Session Recordings may name. */
export const RECORDING_FIELDS = fieldSet(RECORDINGS);
