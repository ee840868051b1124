import http, { type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Upstream } from "../call/gateway.ts";

export interface UpgradeOffer {
  upstream: Upstream;
  method: string;
  /** With the query. */
  path: string;
  /** Names and values in turn. */
  headers: string[];
  /** Of who is to carry it, where several can; null: as the cluster says. */
  carrierTag: string | null;
  signal: AbortSignal;
  /** There is a connection, on which the request now goes out. */
  onSent(connection: Duplex): void;
}

export type UpgradeAnswer =
  /** 101: the connection, and what came on it right behind the head. */
  | { upgraded: true; response: IncomingMessage; socket: Duplex; head: Buffer }
  /** Anything else: an ordinary answer, to be read. */
  | { upgraded: false; response: IncomingMessage };

const ANSWER_TIMEOUT_MS = 60_000;

/** Asks a cluster to change protocols, on a connection of its own. Rejects where no answer comes. */
export async function openUpgrade(offer: UpgradeOffer): Promise<UpgradeAnswer> {
  const connection = await offer.upstream.connect({ signal: offer.signal, tag: offer.carrierTag });
  offer.onSent(connection);
  return ask(offer, connection);
}

function ask(
  { upstream: { endpoint, basePath }, method, path, headers, signal }: UpgradeOffer,
  connection: Duplex,
): Promise<UpgradeAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      createConnection: () => connection,
      method,
      path: basePath + path,
      headers: ["Host", endpoint.host, ...headers],
      signal,
    });
    request.setTimeout(ANSWER_TIMEOUT_MS, () => request.destroy(timeout()));
    request.on("upgrade", (response, socket, head) => {
      request.setTimeout(0);
      resolve({ upgraded: true, response, socket, head });
    });
    request.on("response", (response) => {
      if (response.statusCode === 101) request.destroy(new Error("a 101 that names no protocol"));
      else resolve({ upgraded: false, response });
    });
    request.on("error", reject);
    request.end();
  });
}

function timeout(): Error {
  return Object.assign(new Error("no answer to the upgrade"), { code: "ERR_ANSWER_TIMEOUT" });
}
