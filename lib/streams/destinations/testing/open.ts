import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { NO_DEMO } from "../../../../test/installation.ts";
import { installConfig, loadConfig } from "../../../config.ts";
import { openDestination } from "../../delivery/open-destination.ts";
import type { Destination } from "../destination/destination.ts";

/** Destinations as deliveries open them, which may go to this machine unless the test says otherwise. */
export function permitLoopback(permitted = true): void {
  const data = mkdtempSync(path.join(tmpdir(), "streams-"));
  const env = {
    KUBEWITNESS_DATA: data,
    ...NO_DEMO,
    KUBEWITNESS_STREAMS_ALLOW_LOOPBACK: String(permitted),
  };
  installConfig(loadConfig({ env, cwd: data }));
}

const STREAM = { id: "0199a000-0000-7000-8000-0000000000ff", name: "test" };

/** Opens a destination as its stream's kept settings and secrets say. */
export function open(kind: string, settings: object, secrets: object = {}): Destination {
  return openDestination({ ...STREAM, kind, settings, secrets });
}

/** Sends and closes. */
export async function sendOnce(
  destination: Destination,
  batch: Parameters<Destination["send"]>[0],
  signal: AbortSignal = AbortSignal.timeout(20_000),
) {
  try {
    return await destination.send(batch, signal);
  } finally {
    await destination.close();
  }
}
