import { requirePermission } from "../../access/permission.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { pool } from "../../db/connection.ts";
import { createWriter } from "../delivery/write-record.ts";
import { installationId } from "../stored/installation-id.ts";
import { sampleRecord } from "./sample-record.ts";
import { ExampleQuery, type StreamExample } from "./schema.ts";

/** A made-up record of a surface, written as streams of a format write it. */
export async function writeExample({
  ctx,
  query,
}: {
  ctx: Context;
  query: Partial<ReturnType<typeof ExampleQuery.parse>>;
}): Promise<StreamExample> {
  requirePermission(ctx, "streams:read");
  const { format, surface, leaveOut } = ExampleQuery.parse(query);
  const names = leaveOut.split(",").filter(Boolean);
  const write = createWriter({
    format,
    surfaces: { [surface]: { filter: "", leaveOut: names } },
    installation: config().publicUrl,
    installationId: await installationId(pool()),
  });
  return { text: write(surface, sampleRecord(surface, Date.now())).text };
}
