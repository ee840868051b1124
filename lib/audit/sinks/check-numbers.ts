import { systemContext } from "../../context.ts";
import { log } from "../../log.ts";
import { type NewEvent, recordEventAlone } from "../events/record.ts";
import { SURFACE_OF } from "../store/ledger.ts";
import { NUMBERED_TABLES } from "../store/partitions.ts";
import type { RunSql } from "../store/sql.ts";
import type { SinkDefinition } from "./following-sink.ts";
import type { NumberRange, RecordPage } from "./read-record.ts";

/** Of more an event names the first ones. */
const MOST_NAMED = 20;
const number = (value: number): string => value.toLocaleString("en-US");

/**
 * The check of numbers: sees each number's row once, soon after its commit, whether anybody looks or not. A number without one is an event that
 * names it. What goes later, the count of rows against numbers finds (lib/audit/overview/record-status.ts).
 */
export function checkNumbers(): SinkDefinition {
  let missing = 0;
  return {
    name: "numbers",
    title: "the check of numbers",
    takes: NUMBERED_TABLES,
    columns: [],
    async deliver(page, advance) {
      if (page.gone.length === 0) return;
      await recordGap(page, advance);
      missing += countOf(page.gone);
    },
    finding: () =>
      missing === 0
        ? null
        : `since the start, ${number(missing)} numbers had no row: Event History says which`,
  };
}

const ENTITY_OF = {
  kube_request: "RequestAudit",
  audit_event: "EventHistory",
  recording: "Recording",
} as const;

const countOf = (ranges: readonly NumberRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

const formatRange = ({ from, to }: NumberRange): string =>
  from === to ? number(from) : `${number(from)} to ${number(to)}`;

/** The event is there with the cursor's move: no gap is told twice. */
async function recordGap(
  { stream, gone }: RecordPage,
  advance: (run: RunSql) => Promise<void>,
): Promise<void> {
  const surface = SURFACE_OF[stream];
  const count = countOf(gone);
  const named = gone.slice(0, MOST_NAMED);
  log.error({ surface, count, numbers: named }, "check of numbers: numbers that were given have no row");
  const more = gone.length > named.length ? `, and ${gone.length - named.length} ranges more` : "";
  const event: NewEvent = {
    action: "Create",
    entityType: ENTITY_OF[stream],
    entityName: "Numbers without a row",
    status: "Failed",
    error: `${surface} gave ${count === 1 ? "a number that has" : `${number(count)} numbers that have`} no row: ${named.map(formatRange).join(", ")}${more}. The rows were deleted, or dropped with their day, before this check.`,
    after: { surface, count, numbers: named },
  };
  await recordEventAlone(systemContext("Kubewitness"), event, { inTransaction: advance });
}
