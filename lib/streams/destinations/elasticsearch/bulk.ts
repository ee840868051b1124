import { z } from "zod";
import type { BatchRecord } from "../destination/destination.ts";
import type { RefusedRecord } from "../destination/outcome.ts";
import { withoutSecrets } from "../http/judge.ts";

const TIME = '{"@timestamp":';

/**
 * The body of a bulk request. `create` under the record's id: sent again, it is answered with 409 and no double. It is also the only operation that
 * data streams take, which want a time in each document.
 */
export function writeBulk(records: readonly BatchRecord[]): string {
  let body = "";
  for (const { record, text } of records)
    body += `{"create":{"_id":${JSON.stringify(record.id)}}}\n${timed(text, record.at)}\n`;
  return body;
}

function timed(text: string, at: number): string {
  if (text.startsWith(TIME)) return text;
  return `${TIME}"${new Date(at).toISOString()}",${text.slice(1)}`;
}

/** What of the answer is asked for, so that it stays small. */
export const BULK_FILTER = "errors,items.create.status,items.create.error.type,items.create.error.reason";

export const BulkAnswer = z.object({
  errors: z.boolean(),
  items: z
    .array(
      z.object({
        create: z.object({
          status: z.int(),
          error: z.object({ type: z.string().default("error"), reason: z.string().default("") }).optional(),
        }),
      }),
    )
    .default([]),
});
export type BulkAnswer = z.infer<typeof BulkAnswer>;

const EXISTS = 409;
const MOST_WORDS = 300;
/** Of an item: not the document is refused but whoever brings it, or the place for it. */
const OF_ACCESS: ReadonlySet<number> = new Set([401, 403, 404]);

export interface BulkVerdict {
  refused: RefusedRecord[];
  /** Why none was taken, where it is the account or the index. */
  access: string | null;
}

/** The documents that were not created, though the request as a whole was answered with 200. */
export function readBulk({ items }: BulkAnswer, secrets: readonly string[]): BulkVerdict {
  const failed = items.flatMap(({ create: { status, error } }, index) => {
    if (status < 300 || status === EXISTS) return [];
    const said = withoutSecrets(`${error?.type ?? "refused"}: ${error?.reason ?? ""}`, secrets);
    return [{ index, status, reason: `${status} ${said}`.trim().slice(0, MOST_WORDS) }];
  });
  const access = failed.find(({ status }) => OF_ACCESS.has(status));
  return {
    access: access && failed.length === items.length ? access.reason : null,
    refused: failed.map(({ index, status, reason }) => ({ index, reason, forGood: isForGood(status) })),
  };
}

const isForGood = (status: number) => status < 500 && status !== 429 && !OF_ACCESS.has(status);
