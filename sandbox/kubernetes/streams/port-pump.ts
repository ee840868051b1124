import type { Duplex } from "node:stream";

/** The client's side of one forwarded connection. */
export interface ForwardedStream {
  write(data: Buffer): Promise<void>;
  holdInput(until: Promise<unknown>): void;
}

/** Carries what the pod's port says to the client. Resolves when the port has closed its side. */
export async function pumpFromPort(port: Duplex, stream: ForwardedStream): Promise<void> {
  try {
    for await (const chunk of port) await stream.write(chunk as Buffer);
  } catch {
    // The connection broke off: for the client that is its end.
  }
}

/** Hands client bytes to the port; while the port does not keep up, the client is held. */
export function writeToPort(port: Duplex, data: Buffer, stream: Pick<ForwardedStream, "holdInput">): void {
  if (port.destroyed || port.writableEnded) return;
  if (port.write(data)) return;
  const drained = new Promise<void>((resolve) => {
    port.once("drain", resolve);
    port.once("close", resolve);
  });
  stream.holdInput(drained);
}
