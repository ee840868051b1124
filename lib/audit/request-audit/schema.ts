import { z } from "zod";
import type { FilterNode } from "../../filter/tree.ts";
import { fieldSet, toldShape } from "../columns/derived/schema.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";

/** One call as the page, the API and the exports show it. Absent values are null. Newest first, by `executedAt`, then `no`. */
export const RequestAuditEntry = z.object(toldShape(REQUEST_AUDIT)).meta({ id: "RequestAuditEntry" });
export type RequestAuditEntry = z.infer<typeof RequestAuditEntry>;

/** One call with the request body that was kept, and what there is of its session's recording. */
export const RequestAuditDetail = RequestAuditEntry.extend({
  recording: z.enum(["running", "ended"]).nullable().meta({
    description:
      "Whether the recording named by `recordingId` is there, or its session still runs. Null where there is none, or its time of retention is over.",
  }),
  requestBody: z.string().nullable().meta({ description: "YAML, secrets redacted, at most 4 KB." }),
  requestBodyTruncated: z.boolean(),
  requestBodyBytes: z.int().nullable().meta({ description: "Full length of the body as it was sent." }),
  requestBodySha256: z.string().nullable().meta({ description: "SHA-256 of the body as it was sent, hex." }),
}).meta({ id: "RequestAuditDetail" });
export type RequestAuditDetail = z.infer<typeof RequestAuditDetail>;

export const RequestAuditList = z
  .object({
    entries: z.array(RequestAuditEntry),
    next: z.string().nullable().meta({ description: "Cursor of the next page, or null." }),
  })
  .meta({ id: "RequestAuditList" });
export type RequestAuditList = z.infer<typeof RequestAuditList>;

/** What stands around one call: `partner` is the other row of a long-running call, `around` the same person within five minutes. */
export const RequestAuditRelated = z
  .object({
    partner: RequestAuditEntry.nullable(),
    command: z.array(RequestAuditEntry),
    composed: z
      .string()
      .nullable()
      .meta({ description: "As that of a command: put together from its calls." }),
    line: z
      .object({
        exitCode: z.int().nullable().meta({ description: "Null while it runs." }),
        durationMs: z.int().nullable(),
        recordingId: z.string().nullable(),
      })
      .nullable()
      .meta({
        description: "The web shell's line behind the call: how it ended, and its terminal's recording.",
      }),
    around: z.array(RequestAuditEntry),
  })
  .meta({ id: "RequestAuditRelated" });
export type RequestAuditRelated = z.infer<typeof RequestAuditRelated>;

/** A kubectl command and the calls it became: of one person, at one cluster, with one token, under one claim. */
export const RequestAuditCommand = z
  .object({
    sessionId: z.string(),
    tokenId: z
      .string()
      .nullable()
      .meta({ description: "The id of the token that the calls were made with." }),
    command: z.string().nullable(),
    composed: z.string().nullable().meta({
      description:
        "The command with what its calls were for, put together from them; null where the command is whole or no call was for a resource.",
      example: "kubectl get pods -n payments",
    }),
    /** True unless the web shell captured the line: the client says so, nobody checked. */
    claimed: z.boolean(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    clusterName: z.string().nullable(),
    clientName: z.string().nullable(),
    calls: z.int(),
    failures: z.int(),
    exitCode: z
      .int()
      .nullable()
      .meta({ description: "Of a line of the web shell that has ended; null of others." }),
    recordingId: z
      .string()
      .nullable()
      .meta({ description: "The recording of the web shell's terminal that it was typed in." }),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    /** Of the web shell's as it took; else from the first call to the end of the last. Milliseconds. */
    durationMs: z.int(),
    lastNo: z.int().nullable().meta({ description: "The newest call; null where it made none." }),
  })
  .meta({ id: "RequestAuditCommand" });
export type RequestAuditCommand = z.infer<typeof RequestAuditCommand>;
export const RequestAuditCommands = z
  .object({ commands: z.array(RequestAuditCommand), next: z.string().nullable() })
  .meta({ id: "RequestAuditCommands" });
export type RequestAuditCommands = z.infer<typeof RequestAuditCommands>;

/** What the search field beside the filter means: a part of the user's name or email, or of the cluster's name. */
export function searchToFilter(search: string): FilterNode | null {
  const text = search.trim();
  if (text === "") return null;
  return {
    kind: "or",
    nodes: [
      { kind: "comparison", field: "user", op: ":", values: [text] },
      { kind: "comparison", field: "cluster", op: ":", values: [text] },
    ],
  };
}

/** What a filter over Request Audit may name. */
export const REQUEST_AUDIT_FIELDS = fieldSet(REQUEST_AUDIT);
