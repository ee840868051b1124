import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import { runTunnel, type TunnelEnd, type TunnelInput } from "../session/tunnel.ts";

/** A tunnel between two connections of this machine, and the far end of each. */
export interface TunnelLab {
  client: Socket;
  cluster: Socket;
  /** The tunnel's own ends of the two connections. */
  near: { client: Socket; cluster: Socket };
  record: { bytesIn: number; bytesOut: number };
  ended: Promise<TunnelEnd>;
  /** As access ends, or as the client leaves. */
  abort(): void;
}

export async function startTunnel(
  observers: TunnelInput["observers"],
  heads: { client?: Buffer; cluster?: Buffer } = {},
  frames: TunnelInput["frames"] = null,
): Promise<TunnelLab> {
  const [client, cluster] = await Promise.all([connectedPair(), connectedPair()]);
  const record = { bytesIn: 0, bytesOut: 0 };
  const ending = new AbortController();
  const ended = runTunnel({
    client: { socket: client.near, head: heads.client ?? Buffer.alloc(0) },
    cluster: { socket: cluster.near, head: heads.cluster ?? Buffer.alloc(0) },
    observers,
    frames,
    record,
    signal: ending.signal,
  });
  client.near.on("close", () => ending.abort());
  return {
    client: client.far,
    cluster: cluster.far,
    near: { client: client.near, cluster: cluster.near },
    record,
    ended,
    abort: () => ending.abort(),
  };
}

async function connectedPair(): Promise<{ near: Socket; far: Socket }> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const far = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const [[near]] = (await Promise.all([once(server, "connection"), once(far, "connect")])) as [[Socket], []];
  server.close();
  for (const socket of [near, far]) socket.on("error", () => socket.destroy());
  return { near, far };
}
