import { FILTER_ARGUMENT, RECORD_OPTIONS, recordQuery, surfaceOf } from "../audit/options.ts";
import type { AuditEntry } from "../audit/surfaces.ts";
import { readLast, tailEntries } from "../audit/tail.ts";
import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { usage } from "../program/parse-options.ts";
import { createTable } from "../terminal/table.ts";

/** Rows are dated when their call began: a watch that ends now may be of yesterday. */
const WINDOW = { from: "today-6d", to: "today" };

export const command = defineCommand({
  about: "see it as it happens",
  details:
    "Goes on until Ctrl-C. Where the connection is lost it is made again, and what was recorded meanwhile is printed then. With --output json a line for each.",
  arguments: [FILTER_ARGUMENT],
  options: {
    ...RECORD_OPTIONS,
    last: {
      type: "string",
      short: "l",
      value: "NUMBER",
      about: "begin with the last ones (default: 10, at most 1000)",
    },
  },
  examples: [
    "kubewitness audit tail 'result = failure'",
    "kubewitness audit tail --last 0 --output json | jq .resource",
  ],
  async run({ terminal, options, arguments: [filter] }) {
    const { path, columns } = surfaceOf(options);
    const count = readCount(options.last);
    const api = openApi(terminal, options.profile);
    const query = { ...recordQuery(filter, options), ...WINDOW };
    const { entries, afterNo } = await readLast(api, path, query, count);
    const table = createTable<AuditEntry>(terminal, columns, entries);
    const line = options.output === "json" ? (entry: AuditEntry) => JSON.stringify(entry) : table.row;
    if (options.output !== "json") terminal.print(table.head());
    const print = (rows: AuditEntry[]) => terminal.write(rows.map((row) => `${line(row)}\n`).join(""));
    await print(entries);
    for await (const rows of tailEntries({ api, path, query, afterNo, tell: terminal.tell }))
      await print(rows);
    return undefined;
  },
});

function readCount(text = "10"): number {
  if (/^\d{1,4}$/.test(text) && Number(text) <= 1_000) return Number(text);
  throw usage("audit tail", `--last got ${JSON.stringify(text)}: takes a number from 0 to 1000.`);
}
