import { expect, it } from "vitest";
import { startApiServer } from "../lib/gateway/testing/api-server.ts";
import { until } from "../lib/gateway/testing/memory-recorder.ts";
import { send } from "../lib/gateway/testing/request.ts";
import { startTestGateway } from "../lib/gateway/testing/test-gateway.ts";
import { closeServers, trackConnections } from "./drain.ts";

it("lets the gateway tell what it does not know of a change before connections are closed", async () => {
  const [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
  trackConnections(gateway.server);
  let whole = false;
  api.onRequest = (request) =>
    request.resume().on("end", () => {
      whole = true;
    });
  const path = "prod/api/v1/namespaces/a/pods";
  const created = send({ port: gateway.port, path, method: "POST", body: "{}" });
  await until(() => whole, "the whole change");

  await closeServers([gateway.server], 100, gateway.gateway.drain(100));

  expect((await created).json()).toMatchObject({ code: 424, reason: "OutcomeUnknown" });
  // Not "The client left": it was there until it was told.
  expect(gateway.recorder.entries.map(({ message }) => message)).toEqual([
    expect.stringContaining("is not known: the gateway is shutting down"),
  ]);
  await gateway.close();
  await api.close();
});
