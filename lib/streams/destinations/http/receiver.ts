import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { type Dispatcher, request } from "undici";
import type { DestinationTls, DestinationTools } from "../destination/destination.ts";

/** Of an answer whose body is only words. */
const MOST_WORDS = 4_096;
/** Until the answer begins, and between two parts of it. */
const SILENCE_MS = 30_000;

/** What was answered, of its body as much as was asked for. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** The body is longer than what was asked for. */
  cut: boolean;
}

interface Asking {
  method?: "POST" | "GET" | "PUT";
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Sends the body as gzip. */
  compress?: boolean;
  /** Bytes of the answer's body; a few for words where it is left out. */
  most?: number;
  signal: AbortSignal;
}

/** Connections to a receiver that is spoken to in HTTP. Redirects are not followed: the next address was not what an administrator named. */
export class HttpReceiver {
  readonly #dispatcher: Dispatcher;

  constructor(tools: DestinationTools, tls: DestinationTls) {
    this.#dispatcher = tools.dispatcher({ tls });
  }

  /** @throws what Node or undici throws where nothing is answered (../connection/describe-failure.ts). */
  async ask({ method = "POST", url, most = MOST_WORDS, signal, ...asking }: Asking): Promise<Answer> {
    const { headers, body } = await encode(asking);
    const answer = await request(url, {
      method,
      headers: { "user-agent": "Kubewitness", ...headers },
      body,
      signal,
      dispatcher: this.#dispatcher,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
    const read = await readUpTo(answer.body, most);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: read.subarray(0, most),
      cut: read.length > most,
    };
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

const compressed = promisify(gzip);
/** Records are much alike: the fastest level makes a tenth of them. */
const LEVEL = { level: constants.Z_BEST_SPEED };

async function encode({ headers, body, compress }: Pick<Asking, "headers" | "body" | "compress">) {
  if (!compress || body === undefined) return { headers, body };
  return { headers: { ...headers, "content-encoding": "gzip" }, body: await compressed(body, LEVEL) };
}

/** All of it, or as much as shows that it is more than `most` bytes. */
async function readUpTo(stream: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    parts.push(part);
    bytes += part.length;
    if (bytes > most) break;
  }
  return Buffer.concat(parts);
}
