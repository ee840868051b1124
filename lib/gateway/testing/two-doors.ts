import { type ApiServer, startApiServer } from "./api-server.ts";
import { connectRaw } from "./raw-client.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

/** A header line that says which of what was sent a request is from, as the cluster may hear of a request that broke off only when the next are sent. */
export const SENT_AS = "X-Sent-As: 00000000";

/** What came of what a client sent on one connection. */
export interface Outcome {
  /** The status of each answer that the client got. */
  statuses: number[];
  /** What the client got, in Latin-1. */
  text: string;
  /** Method, target and body of what the cluster got whole, and the target alone of what it did not. */
  cluster: string[];
  /** Of each row: its status, its result, what it was. */
  rows: string[];
  messages: (string | null)[];
}

/** A gateway whose plain calls the front reads, one that node:http reads, and an API server for each. */
export interface TwoDoors {
  /** Sends the bytes through both; `pieces`: cut after so many bytes. Waits until the gateway has closed, as it is asked to by the last request. */
  send(text: string, options?: { piece?: number }): Promise<{ front: Outcome; node: Outcome }>;
  close(): Promise<void>;
}

export async function openTwoDoors(): Promise<TwoDoors> {
  const [front, node] = await Promise.all([openDoor("front"), openDoor("node")]);
  return {
    async send(text, options) {
      const [atFront, atNode] = await Promise.all([front.send(text, options), node.send(text, options)]);
      return { front: atFront, node: atNode };
    },
    async close() {
      await Promise.all([front.close(), node.close()]);
    },
  };
}

async function openDoor(readBy: "front" | "node") {
  const [api, gateway] = await Promise.all([startApiServer(), startTestGateway({ readBy })]);
  gateway.addCluster("prod", api.upstream);
  return {
    send: (text: string, { piece = text.length }: { piece?: number } = {}) =>
      outcomeOf(gateway, api, text, piece),
    async close() {
      await gateway.close();
      await api.close();
    },
  };
}

let sent = 0;

async function outcomeOf(
  { port, recorder }: TestGateway,
  api: ApiServer,
  text: string,
  piece: number,
): Promise<Outcome> {
  recorder.clear();
  const cluster: string[] = [];
  const sentAs = String(++sent).padStart(8, "0");
  api.onRequest = (request, response) => {
    const { method, url } = request;
    const from = request.headers["x-sent-as"];
    if (from !== undefined && from !== sentAs) {
      response.destroy();
      return;
    }
    const body: Buffer[] = [];
    cluster.push(`${url}`);
    const at = cluster.length - 1;
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("error", () => {});
    request.on("end", () => {
      cluster[at] =
        `${method} ${url} ${Buffer.concat(body).toString("latin1").replaceAll(sentAs, "00000000")}`;
      response.end("{}");
    });
  };
  const connection = await connectRaw(port);
  const bytes = Buffer.from(text.replaceAll(SENT_AS, `X-Sent-As: ${sentAs}`), "latin1");
  for (let at = 0; at < bytes.length && connection.socket.writable; at += piece) {
    const cut = bytes.subarray(at, at + piece);
    await new Promise((resolve) => connection.socket.write(cut, resolve));
  }
  const received = await connection.closed();
  const entries = recorder.entries.map(({ httpStatus, result, verb, resource, message }) => ({
    row: `${httpStatus} ${result} ${verb} ${resource}`,
    message,
  }));
  // node:http begins a request while the one before is under way, so that their order is not always the same.
  entries.sort((one, other) => (one.row < other.row ? -1 : 1));
  return {
    statuses: [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])),
    text: received,
    cluster: cluster.sort(),
    rows: entries.map(({ row }) => row),
    messages: entries.map(({ message }) => message),
  };
}
