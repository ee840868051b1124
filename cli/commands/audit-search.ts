import { FILTER_ARGUMENT, RECORD_OPTIONS, recordQuery, surfaceOf, WINDOW_OPTIONS } from "../audit/options.ts";
import type { AuditEntry } from "../audit/surfaces.ts";
import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { usage } from "../program/parse-options.ts";
import { createTable } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";

const LARGEST_PAGE = 1_000;

export const command = defineCommand({
  about: "find what happened",
  details:
    "Prints the newest entries first, a page after the other. Each search is an event of Event History.",
  arguments: [FILTER_ARGUMENT],
  options: {
    ...RECORD_OPTIONS,
    ...WINDOW_OPTIONS,
    limit: { type: "string", value: "NUMBER", about: "so many entries at the most (default: 50)" },
    all: { type: "boolean", about: "everything that matches" },
    cursor: { type: "string", value: "CURSOR", about: "go on where a search before ended" },
    order: {
      type: "string",
      value: "ORDER",
      about: "newest (default) or oldest first",
      choices: ["newest", "oldest"],
    },
  },
  examples: [
    "kubewitness audit search 'verb = delete AND result = failure' --from today-6d",
    "kubewitness audit search --record events 'entityType = AccessGrant' --output json",
    `kubewitness audit search 'output : "DROP TABLE"' --record recordings --from today-29d`,
  ],
  async run({ terminal, options, arguments: [filter] }) {
    const { path, columns } = surfaceOf(options);
    const most = options.all ? Number.POSITIVE_INFINITY : readLimit(options.limit);
    const api = openApi(terminal, options.profile);
    const print = options.output === "json" ? jsonPages(terminal) : tablePages(terminal, columns);
    let cursor: string | null | undefined = options.cursor;
    let left = most;
    do {
      const query = {
        ...recordQuery(filter, options),
        order: options.order,
        limit: Math.min(left, LARGEST_PAGE),
        cursor: cursor ?? undefined,
      };
      const page: { entries: AuditEntry[]; next: string | null } = await api.json(path, { query });
      await print.page(page.entries);
      cursor = page.next;
      left -= page.entries.length;
    } while (cursor !== null && left > 0);
    await print.end(cursor);
    return undefined;
  },
});

function readLimit(text = "50"): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usage(
    "audit search",
    `--limit got ${JSON.stringify(text)}: takes a number from 1 on; --all for everything.`,
  );
}

type Columns = Parameters<typeof createTable<AuditEntry>>[1];

function tablePages(terminal: Terminal, columns: Columns) {
  let table: ReturnType<typeof createTable<AuditEntry>> | undefined;
  return {
    async page(entries: AuditEntry[]) {
      if (entries.length === 0) return;
      if (table === undefined) {
        table = createTable(terminal, columns, entries);
        terminal.print(table.head());
      }
      const { row } = table;
      await terminal.write(entries.map((entry) => `${row(entry)}\n`).join(""));
    },
    async end(next: string | null) {
      if (table === undefined) terminal.tell("Nothing matches in that time. See --from and --to.");
      if (next !== null) terminal.tell(`There is more: --cursor ${next}`);
    },
  };
}

/** `{entries, next}` as the API has it, however many pages it is of. */
function jsonPages(terminal: Terminal) {
  let isFirst = true;
  return {
    async page(entries: AuditEntry[]) {
      for (const entry of entries) {
        await terminal.write(`${isFirst ? '{"entries":[\n' : ",\n"}${JSON.stringify(entry)}`);
        isFirst = false;
      }
    },
    end: async (next: string | null) =>
      terminal.write(`${isFirst ? '{"entries":[' : ""}],"next":${JSON.stringify(next)}}\n`),
  };
}
