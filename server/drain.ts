import type { Server } from "node:http";

const POLL_MS = 50;

/**
 * Stops accepting and lets the calls that are under way end, for at most `deadlineMs`; then their connections are closed.
 * Idle keep-alive connections are closed at once.
 */
export async function closeServers(servers: Server[], deadlineMs: number): Promise<void> {
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  const idle = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, POLL_MS);
  const deadline = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, deadlineMs);
  await Promise.all(closed);
  clearInterval(idle);
  clearTimeout(deadline);
}
