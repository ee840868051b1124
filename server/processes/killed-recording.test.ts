import { once } from "node:events";
import type { Duplex } from "node:stream";
import { zstdDecompressSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { acceptWebSocket } from "../../lib/gateway/testing/upstream-session.ts";
import { CastDecoder } from "../../lib/recordings/cast/cast-decoder.ts";
import { readChunks } from "../../lib/recordings/store/read-chunks.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../../lib/wire/websocket-frames.ts";
import { type RunningInstallation, startInstallation } from "./testing/start-installation.ts";

// A gateway process that is killed with a session in it: the process, PostgreSQL and the sockets are real; the test is client and cluster.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const SLOW = { timeout: 90_000, interval: 50 };
const EXEC = "/k8s/clusters/prod/api/v1/namespaces/shop/pods/web-1/exec?command=sh&stdout=true&tty=true";

let running: RunningInstallation | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** Opens a session; `show` is the cluster's side of it. */
async function openSession({ api, kubePort, token, ca }: RunningInstallation) {
  const accepted = Promise.withResolvers<Duplex>();
  api.onUpgrade = (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    acceptWebSocket(request, socket);
    accepted.resolve(socket);
  };
  const client = new WebSocket(`wss://127.0.0.1:${kubePort}${EXEC}`, "v5.channel.k8s.io", {
    ca,
    headers: { Authorization: `Bearer ${token}` },
  });
  await once(client, "open");
  const closed = once(client, "close");
  client.on("error", () => undefined);
  const server = await accepted.promise;
  const show = (text: string) =>
    server.write(encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from(`\x01${text}`) }));
  return { client, closed, show };
}

/** What was shown, as far as the recording has it; its chunks are a whole chain, or this throws. */
async function shown(key: { recordingId: string; startedAt: number }): Promise<string> {
  const decoder = new CastDecoder();
  let text = "";
  for await (const { data } of readChunks(key))
    for (const event of decoder.push(zstdDecompressSync(data))) if (event.code === "o") text += event.data;
  return text;
}

test("what is shown is stored as it is; where the process is killed, recording and row end as interrupted", async () => {
  running = await startInstallation({ KUBEWITNESS_GATEWAY_PROCESSES: "1" });
  const { db, workers } = running;
  const select = async <Row>(sql: string): Promise<Row[]> => (await db.pool.query(sql)).rows;
  const { closed, show } = await openSession(running);
  const session = { recordingId: "", startedAt: 0 };
  const find = `SELECT recording_id AS "recordingId", started_at AS "startedAt" FROM recording_running`;
  const [found] = await select<{ recordingId: string; startedAt: Date }>(find);
  Object.assign(session, found, { startedAt: found!.startedAt.getTime() });

  let all = "";
  for (let line = 1; line <= 5; line++) {
    show(`line ${line}\r\n`);
    all += `line ${line}\r\n`;
    // The session goes on, and nothing but time brings it there.
    await expect.poll(() => shown(session), SLOW).toBe(all);
  }

  const [pid] = await workers();
  process.kill(pid!, "SIGKILL");
  await closed;
  const recording = `SELECT ending, result, chunks, output_bytes::int AS "outputBytes" FROM recording WHERE recording_id = '${session.recordingId}'`;
  await expect.poll(() => select(recording), SLOW).toHaveLength(1);
  expect(await select(recording)).toMatchObject([{ ending: 4, result: 0, outputBytes: all.length }]);
  expect(await shown(session)).toBe(all);
  const rows = "SELECT stage, result FROM kube_request WHERE recording_id IS NOT NULL ORDER BY no";
  await expect.poll(() => select(rows), SLOW).toHaveLength(2);
  expect(
    await select(
      `SELECT DISTINCT recording_id AS "recordingId" FROM kube_request WHERE resource_name = 'web-1'`,
    ),
  ).toEqual([{ recordingId: session.recordingId }]);
});
