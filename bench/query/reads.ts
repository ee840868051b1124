import { EVENT_SURFACE } from "../../lib/audit/event-history/surface.ts";
import { getOverview } from "../../lib/audit/overview/get.ts";
import { prepareQuery, readAudit } from "../../lib/audit/query/audit-query.ts";
import { countAllRows } from "../../lib/audit/query/count.ts";
import { formatCursor } from "../../lib/audit/query/cursor.ts";
import { findRowByNo } from "../../lib/audit/query/find-rows.ts";
import { readRowsAtOffset } from "../../lib/audit/query/offset.ts";
import { listCommands } from "../../lib/audit/request-audit/commands.ts";
import {
  countRequests,
  facetRequests,
  histogramRequests,
  listRequests,
} from "../../lib/audit/request-audit/read.ts";
import { REQUEST_SURFACE } from "../../lib/audit/request-audit/surface.ts";
import type { FilterNode } from "../../lib/filter/tree.ts";
import { type Bench, report } from "./history.ts";

const FILTERS = [
  "",
  'verb = "delete"',
  'verb = "delete" AND (resource = "secrets" OR cluster = "prod-eu-1")',
  'user:"priya" AND result = "failure"',
  'namespace = "no-such-namespace"',
  'message:"admission webhook"',
  'message:"no such text anywhere"',
  "duration > 5s",
];

function windowOf({ from, to }: Bench, days: number) {
  const start = new Date(Math.max(from.getTime(), to.getTime() - days * 86_400_000));
  return { from: start.toISOString(), to: to.toISOString(), timeZone: "Europe/Berlin" };
}

export async function measureRequests(bench: Bench): Promise<void> {
  const { ctx, scope, from } = bench;
  const whole = windowOf(bench, 365);
  const deepest = formatCursor({ time: from.getTime() + 3_600_000, ledgerId: 0, no: 1 });
  await report("first page", () => listRequests({ ctx, scope, query: { ...whole, limit: 50 } }));
  await report("deepest page", () =>
    listRequests({ ctx, scope, query: { ...whole, limit: 50, cursor: deepest } }),
  );
  const no = Math.floor(bench.rows / 2);
  await report("one call by its number", () =>
    readAudit((run) => findRowByNo(run, { surface: REQUEST_SURFACE, scope, no })),
  );
  await report("commands, first page", () => listCommands({ ctx, scope, query: { ...whole, limit: 50 } }));
  for (const filter of FILTERS) {
    for (const days of [1, 30]) {
      const query = { ...windowOf(bench, days), filter };
      const name = `${days} d, ${filter || "no filter"}`;
      await report(
        `page: ${name}`,
        () => listRequests({ ctx, scope, query: { ...query, limit: 50 } }),
        (page) => `${page.entries.length} rows`,
      );
      await report(
        `count: ${name}`,
        () => countRequests({ ctx, scope, query }),
        ({ count, exact }) => `${count}${exact ? "" : "+"}`,
      );
      await report(
        `histogram: ${name}`,
        () => histogramRequests({ ctx, scope, query }),
        ({ buckets }) => `${buckets.length} buckets`,
      );
      await report(`facets: ${name}`, () => facetRequests({ ctx, scope, query }));
    }
  }
}

export async function measureOverview(bench: Bench): Promise<void> {
  const { ctx, scope } = bench;
  for (const days of [1, 7, 30]) {
    const query = windowOf(bench, days);
    await report(
      `overview: ${days} d`,
      () => getOverview({ ctx, scope, query }),
      ({ calls, denied, sessions }) => {
        return `${calls.count} calls, ${denied.count} denied, ${sessions.count} sessions`;
      },
    );
  }
}

export async function measureEvents(bench: Bench): Promise<void> {
  const { scope } = bench;
  const reference = { now: bench.to, timeZone: "UTC" };
  const { from, to } = bench;
  const filters: [string, FilterNode | null][] = [
    ["no filter", null],
    ['action = "Create"', { kind: "comparison", field: "action", op: "=", values: ["Create"] }],
  ];
  for (const [name, filter] of filters) {
    await readAudit(async (run) => {
      const query = await prepareQuery(run, {
        surface: EVENT_SURFACE,
        scope,
        window: { from, to },
        filter,
        reference,
      });
      const total = await countAllRows(run, query);
      await report(
        `events, total, ${name}`,
        () => countAllRows(run, query),
        (count) => `${count}`,
      );
      for (const offset of [0, Math.floor(total / 2), total - 50]) {
        const page = { offset, limit: 50, order: "newest" as const };
        await report(
          `events at offset ${offset}, ${name}`,
          () => readRowsAtOffset(run, query, page),
          (rows) => `${rows.length} rows`,
        );
      }
    }, 60_000);
  }
  await report("the same by OFFSET, for comparison", () =>
    bench.pool.query(
      "SELECT * FROM audit_event ORDER BY happened_at DESC, ledger_id DESC, no DESC LIMIT 50 OFFSET (SELECT count(*) - 50 FROM audit_event)",
    ),
  );
}
