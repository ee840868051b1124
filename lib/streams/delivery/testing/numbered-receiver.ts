import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { freePort } from "../../../../test/free-ports.ts";

export interface GivenAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A receiver of webhooks on this machine that keeps which numbers it took. */
export interface NumberedReceiver {
  url: string;
  /** In the order in which they were taken, repeats among them. */
  numbers: number[];
  /** The records of the last request that was taken. */
  last: Record<string, unknown>[];
  /** How many records each request had, also of those that were not taken. */
  sizes: number[];
  /** What a request of these numbers is answered with; null: it is taken. */
  refuse: (numbers: number[], headers: IncomingHttpHeaders) => GivenAnswer | null;
  close(): Promise<void>;
}

/** `port`: of one that was closed. */
export async function startNumberedReceiver(port?: number): Promise<NumberedReceiver> {
  const listened = port ?? (await freePort());
  const receiver: NumberedReceiver = {
    url: `http://127.0.0.1:${listened}/records`,
    numbers: [],
    last: [],
    sizes: [],
    refuse: () => null,
    close: async () => {},
  };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const records = JSON.parse(body) as (Record<string, unknown> & { no: number })[];
    const numbers = records.map(({ no }) => no);
    receiver.sizes.push(numbers.length);
    const refusal = receiver.refuse(numbers, request.headers);
    if (refusal === null) {
      receiver.numbers.push(...numbers);
      receiver.last = records;
    }
    response.writeHead(refusal?.status ?? 200, refusal?.headers).end(refusal?.body ?? "");
  });
  await once(server.listen(listened, "127.0.0.1"), "listening");
  receiver.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return receiver;
}
