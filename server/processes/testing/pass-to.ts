import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { GatewayDoor } from "../../../lib/gateway/start.ts";
import { passCalls } from "../passing/pass-calls.ts";
import { createPassedCallsServer } from "../passing/passed-calls-server.ts";

/** Passes what a server gets to a gateway of the same process, over a Unix socket as to another process. It ends with the process. */
export function passTo(gateway: GatewayDoor, { listens = true } = {}): GatewayDoor {
  const socket = path.join(mkdtempSync(path.join(tmpdir(), "kubewitness-pass-")), "calls.sock");
  if (listens) createPassedCallsServer(gateway).listen(socket).unref();
  return passCalls(socket, gateway);
}
