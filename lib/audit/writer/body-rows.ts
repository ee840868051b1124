import type { KubeRequestEntry } from "../entry/entry.ts";
import { BinaryRows } from "../store/binary-rows.ts";
import { LEDGER_ID } from "../store/ledger.ts";

/** Keeps a body's text within what a row is meant to hold, should its capture ever be wrong. */
const MAX_BODY_BYTES = 4_096;

/** The columns of `bodyRows`. */
export const BODY_COLUMNS = [
  "executed_at",
  "no",
  "ledger_id",
  "truncated",
  "body_bytes",
  "body_sha256",
  "body",
] as const;

/** The bodies of entries that have the numbers from `first` on; null where none has one. */
export function bodyRows(entries: readonly KubeRequestEntry[], first: number): Buffer | null {
  let rows: BinaryRows | null = null;
  for (const [index, { body, executedAt }] of entries.entries()) {
    if (!body) continue;
    rows ??= new BinaryRows(BODY_COLUMNS.length);
    rows.beginRow();
    rows.time(executedAt);
    rows.bigint(first + index);
    rows.smallint(LEDGER_ID);
    rows.boolean(body.truncated);
    rows.bigint(body.bytes);
    rows.hex(body.sha256);
    rows.text(body.text, MAX_BODY_BYTES);
  }
  return rows?.end() ?? null;
}
