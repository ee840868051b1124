import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeFrame, WEBSOCKET_OPCODE } from "../wire/websocket-frames.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { connectRaw } from "./testing/raw-client.ts";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { EXEC, webSocketHead } from "./testing/upgrade-heads.ts";
import { acceptWebSocket } from "./testing/upstream-session.ts";

let api: ApiServer;
let gateway: TestGateway;
beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const MASK = Buffer.from([1, 2, 3, 4]);
const SESSIONS = 40;
const OUTPUT = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.alloc(5_000, "\u0001") });
const LAST = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("\u0001the last line\n") });
const INPUT = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.alloc(60_000), maskKey: MASK });

test("a program that ends while its input still comes loses none of its output", async () => {
  let lost = 0;
  for (let i = 0; i < SESSIONS; i++) {
    api.onUpgrade = (request, socket) => {
      acceptWebSocket(request, socket);
      // It reads a little, writes all that it has to say and is gone: what is unread has its connection reset.
      socket.once("data", () => {
        socket.pause();
        setTimeout(() => {
          for (let n = 0; n < 4; n++) socket.write(OUTPUT);
          socket.write(LAST, () => socket.destroy());
        }, 5);
      });
    };
    const client = await connectRaw(gateway.port);
    client.write(webSocketHead({ path: `${EXEC}?command=head&stdin=true&stdout=true` }));
    await client.receive(/^HTTP\/1\.1 101 /);
    const flood = setInterval(
      () => client.socket.writable && client.socket.writableLength < 1e6 && client.write(INPUT),
      0,
    );
    const text = await client.closed();
    clearInterval(flood);
    if (!text.includes("the last line")) lost += 1;
  }
  expect(lost).toBe(0);
}, 60_000);
