import { randomBytes } from "node:crypto";
import { settings } from "../../../config/settings.ts";
import type { Config } from "../../../config.ts";
import type { RecordedSession } from "../../recorded-session.ts";
import type { Chunk } from "../chunk.ts";
import type { RecordingStore } from "../recording-store.ts";
import { testChunks, testEnd, testSession } from "./recorded.ts";

type StoreConfig = Pick<Config, "database" | "encryption" | "recordings">;

/** The part of a configuration that the store reads; `recordings` says what is not the default. */
export function storeConfig(url: string, recordings: Partial<Config["recordings"]> = {}): StoreConfig {
  const defaults = settings.recordings;
  return {
    database: { url, connections: { gateway: 2, changes: 2, console: 2 } },
    encryption: { key: randomBytes(32), formerKeys: [] },
    recordings: {
      seal: defaults.seal.default,
      search: defaults.search.default,
      store: defaults.store.default,
      directory: null,
      bucket: {
        endpoint: null,
        region: "us-east-1",
        name: null,
        prefix: "",
        accessKey: null,
        secretKey: null,
      },
      ...recordings,
    },
  };
}

/** Records a session from its start to its end. */
export async function record(
  store: RecordingStore,
  shown: Parameters<typeof testChunks>[1],
  given: Partial<RecordedSession> = {},
): Promise<{ session: RecordedSession; chunks: Chunk[] }> {
  const session = testSession(given);
  const chunks = testChunks(session, shown);
  await store.begin(session);
  for (const chunk of chunks) await store.append(chunk);
  await store.finish(testEnd(session, chunks));
  return { session, chunks };
}
