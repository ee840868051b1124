import { findLoopbackPort } from "../scripts/loopback-port.ts";

/** A port of loopback that nothing listens on and no connection gets; see {@link freePorts}. */
export const freePort = findLoopbackPort;

/** So many different ports of loopback that nothing listens on and no connection gets; another program may take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await findLoopbackPort());
  return [...ports];
}
