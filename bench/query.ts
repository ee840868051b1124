// npm run bench -- query [--rows 5000000] [--days 30] [--url postgresql://...]
// How fast audit data is read: pages, counts, histogram, facets, overview, deep offsets, and an export beside psql's COPY of the same
// columns. --url: a database that bench/storage.ts or scripts/seed-history.ts has filled; without it a small one is made.
import { parseArgs } from "node:util";
import { measureExport } from "./query/export.ts";
import { openBench } from "./query/history.ts";
import { measureEvents, measureOverview, measureRequests } from "./query/reads.ts";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    days: { type: "string", default: "30" },
    "export-rows": { type: "string", default: "1000000" },
    url: { type: "string" },
  },
});

const bench = await openBench({ url: options.url, rows: Number(options.rows), days: Number(options.days) });
try {
  await measureRequests(bench);
  await measureOverview(bench);
  await measureEvents(bench);
  await measureExport(bench, Number(options["export-rows"]));
} finally {
  await bench.close();
}
