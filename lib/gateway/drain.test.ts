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

test("a change that outlasts the grace is told and recorded as what it is: nobody knows", async () => {
  const [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  let whole = false;
  api.onRequest = (request) =>
    request.resume().on("end", () => {
      whole = true;
    });
  const path = "prod/api/v1/namespaces/a/pods";
  const created = send({ port: gateway.port, path, method: "POST", body: "{}" });
  await until(() => whole, "the whole change");
  await gateway.gateway.drain(100);
  // The drain waits for the answer and for the row.
  const message = expect.stringMatching(/carried the change out is not known: the gateway is shutting down/);
  expect(gateway.recorder.entries).toMatchObject([
    { verb: "create", result: "failure", httpStatus: 424, message },
  ]);
  const answer = await created;
  expect(answer.json()).toMatchObject({ code: 424, reason: "OutcomeUnknown", message });
  expect(answer.headers).not.toHaveProperty("retry-after");
  await gateway.close();
  await api.close();
});

test("a client that leaves while its change is under way leaves a row that claims nothing", async () => {
  const [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  let whole = false;
  api.onRequest = (request) =>
    request.resume().on("end", () => {
      whole = true;
    });
  const client = await connectRaw(gateway.port);
  client.write(
    `DELETE /k8s/clusters/prod/api/v1/namespaces/a/pods/b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ALICE_TOKEN}\r\n\r\n`,
  );
  await until(() => whole, "the whole change");
  client.socket.destroy();
  expect(await gateway.recorder.atLeast(1)).toMatchObject([
    {
      result: "failure",
      httpStatus: null,
      message:
        "The client left before the answer was complete. Whether the cluster carried the change out is not known: it had not answered.",
    },
  ]);
  await gateway.close();
  await api.close();
});
