import { requirePermission } from "../../access/permission.ts";
import { recordEventAlone } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { database, pool } from "../../db/connection.ts";
import { checkDestination, makeSecrets } from "../check-input.ts";
import { findStream, viewOne } from "../data.ts";
import { batchOf } from "../delivery/deliver-records.ts";
import { openDestination } from "../delivery/open-destination.ts";
import { createWriter } from "../delivery/write-record.ts";
import type { BatchRecord } from "../destinations/destination/destination.ts";
import type { Outcome } from "../destinations/destination/outcome.ts";
import type { StreamFormat } from "../formats/schema.ts";
import { keepSecrets } from "../kept-secrets.ts";
import { type StreamTest, TryStreamInput } from "../schema.ts";
import { installationId } from "../stored/installation-id.ts";
import { openStreamSecrets } from "../stored/secrets.ts";
import { StreamSurface } from "../surfaces/schema.ts";
import { sampleRecord } from "./sample-record.ts";

const STREAM = "Stream" as const;
const TEST_MS = 8_000;

type Opened = Parameters<typeof openDestination>[0];
type Tested = Opened & { format: StreamFormat; surface: StreamSurface };

/** Sends a test record by a stream as it is kept, and says what came back. */
export function testStream({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<StreamTest> {
  const attempt = { action: "Update", operation: "Start", entityType: STREAM, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    const row = await findStream(database(), input.id);
    const { surfaces, format } = await viewOne(row);
    const surface = StreamSurface.options.find((each) => surfaces[each]) ?? "events";
    const secrets = openStreamSecrets(row.id, row.secrets);
    const result = await sendTest({ ...row, secrets, format, surface });
    const { ok, text } = result;
    await recordEventAlone(ctx, { ...attempt, entityName: row.name, after: { test: { ok, text } } });
    return result;
  });
}

/**
 * The same of one that is not kept yet, or not as it is given. `id`: what is left out of its secrets is that stream's, as long as its address is.
 * @throws AppError `invalid_argument` that names the field.
 */
export function tryStream({ ctx, input }: { ctx: Context; input: TryStreamInput }): Promise<StreamTest> {
  const attempt = {
    action: "Update",
    operation: "Start",
    entityType: STREAM,
    entityId: input.id ?? null,
    entityName: "A stream that is not kept yet",
  } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "streams:write");
    const { id, kind, format, settings, ...given } = TryStreamInput.parse(input);
    const kept = id === undefined ? null : await findStream(database(), id);
    const secrets = kept ? keepSecrets(kept, { kind, settings, change: given.secrets }) : given.secrets;
    const checked = await checkDestination(kind, {
      settings,
      secrets: { ...secrets, ...makeSecrets(kind, secrets) },
    });
    const name = kept?.name ?? "test";
    const result = await sendTest({
      id: id ?? "00000000-0000-0000-0000-000000000000",
      name,
      kind,
      format,
      surface: "events",
      ...checked,
    });
    const { ok, text } = result;
    const after = { kind, settings: checked.settings, test: { ok, text } };
    await recordEventAlone(ctx, { ...attempt, ...(kept ? { entityName: name } : null), after });
    return result;
  });
}

async function sendTest({ format, surface, ...opened }: Tested): Promise<StreamTest> {
  const write = createWriter({
    format,
    surfaces: {},
    installation: config().publicUrl,
    installationId: await installationId(pool()),
  });
  const record = write(surface, sampleRecord(surface, Date.now()));
  const began = performance.now();
  const result = await send(opened, record);
  return { ...result, milliseconds: Math.round(performance.now() - began), sent: record.text };
}

async function send(opened: Opened, record: BatchRecord): Promise<{ ok: boolean; text: string }> {
  const signal = AbortSignal.timeout(TEST_MS);
  try {
    const destination = openDestination(opened);
    try {
      return describe(await destination.send(batchOf([record]), signal));
    } finally {
      await destination.close();
    }
  } catch (error) {
    if (signal.aborted) return { ok: false, text: `no answer in ${TEST_MS / 1_000} s` };
    return { ok: false, text: error instanceof Error ? error.message || error.name : String(error) };
  }
}

function describe(outcome: Outcome): { ok: boolean; text: string } {
  if (outcome.is === "taken") return { ok: true, text: "The test record was taken." };
  const reason = outcome.is === "partly" ? outcome.refused[0]?.reason : outcome.reason;
  return { ok: false, text: reason ?? "It was not taken." };
}
