// Records a session, a piece every 20 ms, until it is killed. Prints the recording's id, then the number of each piece that is committed. Argument: database URL.
import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { testChunks, testSession } from "../../lib/recordings/store/testing/recorded.ts";
import { storeConfig } from "../../lib/recordings/store/testing/store.ts";

const [url] = process.argv.slice(2) as [string];
const store = openStore(storeConfig(url));
const session = testSession();
const chunks = testChunks(
  session,
  Array.from({ length: 10_000 }, (_, index) => `line ${index}\r\n`),
);
await store.begin(session);
process.stdout.write(`${session.recordingId} ${session.startedAt}\n`);
for (const chunk of chunks) {
  await store.append(chunk);
  process.stdout.write(`${chunk.seq}\n`);
  await delay(20);
}
