import { networkInterfaces } from "node:os";

/** The addresses to listen on: both loopbacks for localhost, which clients resolve to either. */
export function listenAddresses(host: string): string[] {
  if (host !== "localhost") return [host];
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.some(({ address }) => address === "::1") ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
}
