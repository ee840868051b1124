import { once } from "node:events";
import { expect, test } from "vitest";
import { startApiServer } from "./testing/api-server.ts";
import { until } from "./testing/memory-recorder.ts";
import { connectRaw } from "./testing/raw-client.ts";
import { send } from "./testing/request.ts";
import { ALICE_TOKEN, startTestGateway } from "./testing/test-gateway.ts";
import { webSocketHead } from "./testing/upgrade-heads.ts";
import { acceptWebSocket } from "./testing/upstream-session.ts";

test("a gateway that shuts down ends watches in good order, sessions too, and waits for other calls", async () => {
  const [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  api.onUpgrade = (request, socket) => acceptWebSocket(request, socket);
  let finish = () => {};
  api.onRequest = (request, response) => {
    if (request.url?.includes("watch")) response.write('{"type":"ADDED"}\n');
    else finish = () => response.end("late");
  };
  const watch = await connectRaw(gateway.port);
  watch.write(
    `GET /k8s/clusters/prod/api/v1/pods?watch=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ALICE_TOKEN}\r\n\r\n`,
  );
  await watch.receive(/ADDED/);
  const session = await connectRaw(gateway.port);
  session.write(webSocketHead());
  await session.receive(/ 101 /);
  const slow = send({ port: gateway.port, path: "prod/api/v1/nodes" });
  await until(() => api.seen.length === 3, "the calls");

  const drained = gateway.gateway.drain(10_000);
  await watch.receive(/\r\n0\r\n\r\n$/);
  await session.closed();
  let over = false;
  void drained.then(() => {
    over = true;
  });
  expect(over).toBe(false);
  finish();
  expect((await slow).body.toString()).toBe("late");
  await drained;
  expect(gateway.recorder.entries.map(({ message, result }) => [message, result])).toEqual(
    expect.arrayContaining([
      ["Watch ended: the gateway is shutting down", "success"],
      ["Session ended: the gateway is shutting down", "success"],
    ]),
  );
  watch.socket.destroy();
  await gateway.close();
  await api.close();
});

test("a call that outlasts the grace is ended, and is on the record", async () => {
  const [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  api.onRequest = () => {};
  const client = await connectRaw(gateway.port);
  client.write(
    `GET /k8s/clusters/prod/api/v1/pods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ALICE_TOKEN}\r\n\r\n`,
  );
  await until(() => api.seen.length === 1, "the call");
  const closed = once(client.socket, "close");
  await gateway.gateway.drain(100);
  await closed;
  expect(await gateway.recorder.atLeast(1)).toMatchObject([
    { stage: "complete", message: "The call was ended: the gateway is shutting down" },
  ]);
  await gateway.close();
  await api.close();
});
