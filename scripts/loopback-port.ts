import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { StepError } from "./steps.ts";

/** Linux' own, where the system does not say. */
const FIRST_DIALLED = 32_768;
const FIRST_CHOSEN = 12_000;
const TRIES = 100;
const RANGE_FILE = "/proc/sys/net/ipv4/ip_local_port_range";

/**
 * A port of loopback that nothing listens on, and that no connection gets: it is below those that the system gives to whoever dials. What listens on one of
 * those cannot start again while a connection has it, be it one to itself: dialled while nothing listens, a port in that range sooner or later answers by
 * TCP's simultaneous open (RFC 9293, 3.5). Another program may take it before it is used.
 * @throws {StepError} where a hundred were tried and none was free.
 */
export async function findLoopbackPort(): Promise<number> {
  const end = firstDialledPort();
  // Somebody has given nearly all ports to whoever dials: then there are no better ones.
  if (end <= FIRST_CHOSEN + TRIES) return requireOne(await listenBriefly(0));
  for (let tried = 0; tried < TRIES; tried++) {
    const port = await listenBriefly(randomInt(FIRST_CHOSEN, end));
    if (port) return port;
  }
  return requireOne(null);
}

/** The port, where something can listen on it (0: on any) at 127.0.0.1; null where not. */
export function listenBriefly(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === "object" ? address.port : null));
    });
  });
}

/** The lowest port that a connection may get (ip(7), ip_local_port_range). */
function firstDialledPort(): number {
  if (!existsSync(RANGE_FILE)) return FIRST_DIALLED;
  return Number.parseInt(readFileSync(RANGE_FILE, "utf8"), 10) || FIRST_DIALLED;
}

function requireOne(port: number | null): number {
  if (port) return port;
  throw new StepError(`no free port on 127.0.0.1 (${TRIES} were tried from ${FIRST_CHOSEN} on)`);
}
