import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { processState } from "../process-state.ts";

// A route handler sees headers and no socket. The composition root, which knows the client's address (lib/http/client-address.ts),
// passes it on in a header whose name no client can guess.
const HEADER = processState(
  "identity/client-address",
  () => `x-kubewitness-client-${randomBytes(16).toString("hex")}`,
);

/** Attaches the client's address to a request that Next is about to handle. */
export function attachClientAddress(request: IncomingMessage, address: string | null): void {
  if (address !== null) request.headers[HEADER] = address;
}

/** The address that was attached; null where none was. */
export function readClientAddress(headers: Headers): string | null {
  return headers.get(HEADER);
}
