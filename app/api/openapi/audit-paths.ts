import type { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { EventDetail, EventList } from "../../../lib/audit/event-history/schema.ts";
import { ExportManifest, ExportPath, ExportQuery } from "../../../lib/audit/export/schema.ts";
import { AuditOverview, OverviewQuery, RecordStatus } from "../../../lib/audit/overview/schema.ts";
import {
  AuditCount,
  AuditFacets,
  AuditHistogram,
  EntryPath,
  ListQuery,
  LiveQuery,
  PageQuery,
  WindowQuery,
} from "../../../lib/audit/query/schema.ts";
import { RecordingList, RecordingPath, RecordingRelated } from "../../../lib/audit/recordings/schema.ts";
import {
  RequestAuditCommands,
  RequestAuditDetail,
  RequestAuditList,
  RequestAuditRelated,
} from "../../../lib/audit/request-audit/schema.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const READ = [400, 401, 503] as const;
const ONE = [400, 401, 404, 503] as const;
const LINK = {
  Link: { description: 'The next page, rel="next" (RFC 8288).', schema: { type: "string" as const } },
};
const EXPORT_HEADERS = {
  "X-Export-Id": {
    description: "The export's id: for its manifest, and to resume it.",
    schema: { type: "string" as const },
  },
  "X-Export-Rows": {
    description: "How many rows it will have, where that is known.",
    schema: { type: "integer" as const },
  },
  "X-Export-Offset": {
    description: "Bytes that come before the first that is sent.",
    schema: { type: "integer" as const },
  },
};
const FILE = {
  "text/csv": "RFC 4180 with a header line; cells that begin like a formula get a leading apostrophe.",
  "application/json": "An array, an entry a line.",
  "application/x-ndjson": "An entry a line.",
};

interface SurfaceWords {
  tag: string;
  /** In operation ids. */
  noun: string;
  what: string;
  list: z.ZodType;
}

/** What every kind of audit data has. */
function surfacePaths(base: string, { tag, noun, what, list }: SurfaceWords): ZodOpenApiPathsObject {
  const summary = (id: string, text: string, schema: z.ZodType) =>
    describeOperation({ id, summary: text, tag, query: WindowQuery, answers: json(schema), refusals: READ });
  return {
    [base]: {
      get: describeOperation({
        id: `list${noun}`,
        summary: `List ${what}, newest first`,
        tag,
        query: ListQuery,
        answers: {
          ...json(list),
          "text/csv": FILE["text/csv"],
          "application/x-ndjson": FILE["application/x-ndjson"],
        },
        answerHeaders: LINK,
        refusals: READ,
      }),
    },
    [`${base}/count`]: {
      get: summary(`count${noun}`, `Count ${what}; stops at 10,000 where no counter can tell`, AuditCount),
    },
    [`${base}/histogram`]: { get: summary(`histogram${noun}`, `Count ${what} over time`, AuditHistogram) },
    [`${base}/facets`]: {
      get: summary(`facet${noun}`, "The most frequent values of each facet", AuditFacets),
    },
    [`${base}/live`]: {
      get: describeOperation({
        id: `stream${noun}`,
        summary: `${what} as they are recorded`,
        description: "Server-sent events. A `committed` message has `{lastNo, entries, more}`, newest first.",
        tag,
        query: LiveQuery,
        answers: { "text/event-stream": "Server-sent events." },
        refusals: READ,
      }),
    },
    [`${base}/export`]: {
      get: describeOperation({
        id: `export${noun}`,
        summary: `Export all matching ${what}`,
        tag,
        query: ExportQuery,
        answers: FILE,
        answerHeaders: EXPORT_HEADERS,
        refusals: [400, 401, 403, 404, 409, 503],
      }),
    },
    [`${base}/export/{id}/manifest`]: {
      get: describeOperation({
        id: `get${noun}ExportManifest`,
        summary: "What an exported file holds, and its SHA-256",
        tag,
        path: ExportPath,
        answers: json(ExportManifest),
        refusals: ONE,
      }),
    },
  };
}

/** One entry by its number. */
function entryPath(base: string, noun: string, tag: string, detail: z.ZodType): ZodOpenApiPathsObject {
  const id = `get${noun}Entry`;
  const one = { id, summary: "One entry", tag, path: EntryPath, answers: json(detail), refusals: ONE };
  return { [`${base}/{no}`]: { get: describeOperation(one) } };
}

const REQUESTS = "Request Audit";
const EVENTS = "Event History";
const RECORDINGS = "Pod Session Recordings";
const OVERVIEW = "Overview";

export const auditPaths: ZodOpenApiPathsObject = {
  ...surfacePaths("/api/v1/request-audit", {
    tag: REQUESTS,
    noun: "RequestAudit",
    what: "calls through the gateway",
    list: RequestAuditList,
  }),
  ...entryPath("/api/v1/request-audit", "RequestAudit", REQUESTS, RequestAuditDetail),
  "/api/v1/request-audit/{no}/related": {
    get: describeOperation({
      id: "listRelatedRequestAudit",
      summary: "What stands around one call",
      tag: REQUESTS,
      path: EntryPath,
      answers: json(RequestAuditRelated),
      refusals: ONE,
    }),
  },
  "/api/v1/request-audit/commands": {
    get: describeOperation({
      id: "listCommands",
      summary: "Commands and the calls they became, newest first",
      tag: REQUESTS,
      query: PageQuery,
      answers: json(RequestAuditCommands),
      refusals: READ,
    }),
  },
  ...surfacePaths("/api/v1/event-history", {
    tag: EVENTS,
    noun: "EventHistory",
    what: "changes and logins",
    list: EventList,
  }),
  ...entryPath("/api/v1/event-history", "EventHistory", EVENTS, EventDetail),
  ...surfacePaths("/api/v1/recordings", {
    tag: RECORDINGS,
    noun: "Recordings",
    what: "recordings of sessions",
    list: RecordingList,
  }),
  "/api/v1/recordings/{id}/related": {
    get: describeOperation({
      id: "listCallsOfRecording",
      summary: "The two rows of a session in Request Audit, and what its person called meanwhile",
      tag: RECORDINGS,
      path: RecordingPath,
      answers: json(RecordingRelated),
      refusals: ONE,
    }),
  },
  "/api/v1/overview": {
    get: describeOperation({
      id: "getOverview",
      summary: "The dashboard's numbers, each with the filter that lists it",
      tag: OVERVIEW,
      query: OverviewQuery,
      answers: json(AuditOverview),
      refusals: READ,
    }),
  },
  "/api/v1/record-status": {
    get: describeOperation({
      id: "getRecordStatus",
      summary:
        "What was checked of the record: whether every number has its row, rows dated ahead, trouble on the way into it",
      tag: OVERVIEW,
      answers: json(RecordStatus),
      refusals: [401, 503],
    }),
  },
};
