import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { createTextRedactor } from "../../audit/redaction/redact-text.ts";
import type { Transport } from "../../clusters/transports/transport.ts";
import { CallRecord } from "../call/call-record.ts";
import { testUpstream } from "../testing/test-upstream.ts";
import { routeToCluster } from "./route-to-cluster.ts";

test("the transport is chosen for each call, and the call's record knows which one it is", () => {
  const cluster = { id: "c", name: "prod", endpoint: "https://10.0.0.1:6443" };
  const names = ["east", "west"];
  const gateway = {
    findCluster: () => cluster,
    findClusterById: () => null,
    upstreamFor: () => {
      const transport: Transport = { name: names.shift()!, dial: () => Promise.reject(new Error("no")) };
      return testUpstream({ url: cluster.endpoint, ca: null, token: "t", transport });
    },
  };
  const served = ["east", "west"].map(() => {
    const request = new IncomingMessage(new Socket());
    const record = new CallRecord({ request, clientIp: null, redactor: createTextRedactor() });
    expect(record.transport).toBeNull();
    const asked = { target: { cluster: "prod", path: "/api" }, caller: { authenticated: {} } };
    routeToCluster(gateway, { record }, asked);
    return record.transport?.name;
  });
  expect(served).toEqual(["east", "west"]);
});
