import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { runExport } from "../audit/export.ts";
import { FILTER_ARGUMENT, RECORD_OPTIONS, recordQuery, surfaceOf, WINDOW_OPTIONS } from "../audit/options.ts";
import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { Failure } from "../program/failure.ts";
import { printJson } from "../terminal/print-json.ts";

export const command = defineCommand({
  about: "everything that matches, as a file",
  details:
    "Streams it. A connection that breaks is made again; at the end size and SHA-256 are held against the installation's own. With --file the file has its name only then. Each export is an event.",
  arguments: [FILTER_ARGUMENT],
  options: {
    ...RECORD_OPTIONS,
    ...WINDOW_OPTIONS,
    format: {
      type: "string",
      value: "FORMAT",
      about: "csv (default), ndjson or json",
      choices: ["csv", "ndjson", "json"],
    },
    file: {
      type: "string",
      short: "f",
      value: "FILE",
      about: "where to; else standard output",
      completes: "files",
    },
    force: { type: "boolean", about: "write over FILE where it is there" },
  },
  examples: [
    "kubewitness audit export --from 2026-11-01 --to 2026-11-30 --file november.csv",
    "kubewitness audit export 'resource = secrets' --format ndjson | jq .email",
  ],
  async run({ terminal, options, arguments: [filter] }) {
    const { path } = surfaceOf(options);
    const api = openApi(terminal, options.profile);
    const query = { ...recordQuery(filter, options), format: options.format ?? "csv" };
    const { file } = options;
    if (file === undefined || file === "-") {
      await runExport({ api, path, query, write: (chunk) => terminal.write(chunk), tell: terminal.tell });
      return undefined;
    }
    if (existsSync(file) && !options.force)
      throw new Failure("usage", `${file} is there: name another file, or add --force to write over it.`);
    const part = await openPart(`${file}.part`);
    try {
      const write = async (chunk: Buffer) => void (await part.handle.writeFile(chunk));
      const exported = await runExport({ api, path, query, write, tell: terminal.tell });
      await part.handle.sync();
      await part.handle.close();
      await rename(part.name, file);
      if (options.output === "json") printJson(terminal, { file, ...exported });
      else
        terminal.tell(
          `${exported.rows ?? "All"} rows, ${exported.bytes} bytes, SHA-256 ${exported.sha256} in ${file}`,
        );
    } catch (error) {
      await part.handle.close().catch(() => {});
      await rm(part.name, { force: true });
      throw error;
    }
    return undefined;
  },
});

/** What the record says of people is for its reader alone. */
async function openPart(name: string) {
  try {
    return { name, handle: await open(name, "w", 0o600) };
  } catch (error) {
    throw new Failure(
      "usage",
      `${name} cannot be made (${(error as NodeJS.ErrnoException).code}): see to its folder.`,
    );
  }
}
