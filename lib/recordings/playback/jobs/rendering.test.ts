import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/database.ts";
import { auditScope } from "../../../access/permission.ts";
import { systemContext } from "../../../context.ts";
import { openStore, type RecordingStore } from "../../store/recording-store.ts";
import { record, storeConfig } from "../../store/testing/store.ts";
import { getPlayback } from "../read/get-playback.ts";
import { type RunningRendering, startRendering } from "./start-rendering.ts";

let db: TestDatabase;
let store: RecordingStore;
let rendering: RunningRendering;
const ctx = systemContext("test");
const scope = auditScope(ctx);

beforeAll(async () => {
  db = await createTestDatabase();
  const config = storeConfig(db.url);
  store = openStore(config);
  rendering = startRendering({
    config: { ...config, audit: { redact: { execArguments: [/hunter\d/] } } } as never,
    databaseUrl: db.url,
  });
});
afterAll(async () => {
  await rendering.stop();
  await store.stop();
  await db.close();
});

test("a recording is prepared", async () => {
  const { session } = await record(store, ["/ # ", "echo hunter2\r\nhunter2\r\n/ # "]);
  const id = session.recordingId;
  const index = await vi.waitFor(() => getPlayback({ ctx, scope, input: { id } }), { timeout: 20_000 });
  expect(index).toMatchObject({ durationMs: 60_000, markers: [{ label: "echo [redacted 7 bytes]" }] });
});
