import type { Server } from "node:http";
import type { Socket } from "node:net";
import { NO_SLOT, SlotSet, type Slotted } from "../lib/slot-set.ts";

/** How long calls under way may take to end, milliseconds; a developer who restarts does not wait. */
export const graceMs = ({ development }: { development: boolean }): number => (development ? 0 : 10_000);

const POLL_MS = 50;
const sockets = new WeakMap<Server, SlotSet<OpenSocket>>();

interface OpenSocket extends Slotted {
  socket: Socket;
}

/** Remembers a server's connections: Node forgets those that changed protocol, and would wait for them for ever. */
export function trackConnections(server: Server): void {
  const open = new SlotSet<OpenSocket>();
  sockets.set(server, open);
  server.on("connection", (socket: Socket) => {
    const member = { socket, slot: NO_SLOT };
    open.add(member);
    socket.once("close", () => open.delete(member));
  });
}

/**
 * Stops accepting and lets the calls that are under way end, for at most `deadlineMs` and until `answered` resolves; then their
 * connections are closed. Idle keep-alive connections are closed at once. Resolves when all are closed and `answered` has resolved.
 */
export async function closeServers(
  servers: Server[],
  deadlineMs: number,
  answered: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  const idle = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, POLL_MS);
  const destroy = () => {
    for (const { socket } of servers.flatMap((server) => sockets.get(server)?.members() ?? []))
      socket.destroy();
  };
  // What was answered last may still be on its way from a gateway process to the client.
  const destroySoon = () => setTimeout(destroy, POLL_MS);
  const deadline = setTimeout(() => void answered.then(destroySoon, destroySoon), deadlineMs);
  const close = async () => {
    await Promise.all(closed);
    clearInterval(idle);
    clearTimeout(deadline);
  };
  await Promise.all([close(), answered]);
}
