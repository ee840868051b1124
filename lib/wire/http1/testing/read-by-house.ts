import { ChunkedDecoder } from "../chunked-decoder.ts";
import { HeadCollector } from "../head-collector.ts";
import { HeadError } from "../head-error.ts";
import { type ReadRequestHead, readRequestHead } from "../request-head.ts";
import { type ReadResponseHead, type ResponseBody, readResponseHead } from "../response-head.ts";
import type { SeenAnswer, SeenMessage, SeenRequest } from "./read-message.ts";

/** Where the reading ended, and why. */
export interface Reading<Message> {
  messages: Message[];
  /** How many bytes belong to the messages; what follows was not taken. */
  taken: number;
  /** `more`: it goes on with the next bytes. `left`: to node:http, as the front leaves it. */
  stopped: "more" | "left" | HeadError;
}

/** What these readers make of what a client sends in these pieces, one request after the other, until one is not theirs. */
export function requestsByHouse(pieces: readonly Buffer[]): Reading<SeenRequest> {
  const isLeft = (head: ReadRequestHead) => head.asksForUpgrade || head.expects;
  const see = (head: ReadRequestHead) => ({ method: head.method, url: head.url });
  return readAll(pieces, () => readRequestHead, isLeft, see);
}

/** The same of a connection to a server, on which requests with these methods were sent; 1xx are read over. */
export function answersByHouse(pieces: readonly Buffer[], methods: readonly string[]): Reading<SeenAnswer> {
  const left = [...methods];
  const readerOf = () => {
    const method = left[0];
    return method === undefined
      ? null
      : (bytes: Buffer, from: number) => readResponseHead(bytes, from, { method });
  };
  const see = ({ statusCode, statusMessage }: ReadResponseHead) => {
    if (statusCode >= 200) left.shift();
    return { statusCode, statusMessage };
  };
  return readAll(pieces, readerOf, ({ statusCode }) => statusCode === 101, see);
}

interface Head {
  rawHeaders: string[];
  headers: SeenMessage["headers"];
  body: ResponseBody;
  keepAlive: boolean;
  end: number;
}

function readAll<H extends Head, S>(
  pieces: readonly Buffer[],
  readerOf: () => ((bytes: Buffer, from: number) => H | null) | null,
  isLeft: (head: H) => boolean,
  see: (head: H) => S,
): Reading<SeenMessage & S> {
  const messages: (SeenMessage & S)[] = [];
  let taken = 0;
  let collector: HeadCollector<H> | null = null;
  let body: BodyReader | null = null;
  const end = (stopped: Reading<S>["stopped"]) => ({ messages, taken, stopped });
  for (const piece of pieces) {
    let rest = piece;
    while (rest.length > 0) {
      if (body === null) {
        const read: ((bytes: Buffer, from: number) => H | null) | null =
          collector === null ? readerOf() : null;
        if (collector === null && read === null) return end("left");
        collector ??= new HeadCollector(read!);
        let head: H | null;
        try {
          head = collector.push(rest);
        } catch (error) {
          return end(error as HeadError);
        }
        if (head === null) break;
        if (isLeft(head)) return end("left");
        rest = collector.bytes.subarray(head.end);
        collector = null;
        taken += head.end;
        const { rawHeaders, headers, keepAlive } = head;
        const message = {
          ...{ rawHeaders, headers, keepAlive, body: Buffer.alloc(0), trailers: [], isWhole: false },
          ...see(head),
        };
        messages.push(message);
        body = new BodyReader(message, head.body);
      }
      try {
        const used = body.read(rest);
        taken += used;
        rest = rest.subarray(used);
      } catch (error) {
        if (!(error instanceof HeadError)) throw error;
        return end(error);
      }
      if (!messages.at(-1)!.isWhole) break;
      body = null;
      if (!messages.at(-1)!.keepAlive) return end("left");
    }
  }
  return end("more");
}

class BodyReader {
  readonly #message: SeenMessage;
  readonly #chunks: ChunkedDecoder | null;
  #left: number;

  constructor(message: SeenMessage, body: ResponseBody) {
    this.#message = message;
    this.#left = typeof body === "number" ? body : Number.POSITIVE_INFINITY;
    this.#chunks =
      body === "chunked"
        ? new ChunkedDecoder((bytes, start, end) => this.#add(bytes.subarray(start, end)))
        : null;
    message.isWhole = this.#left === 0;
  }

  read(bytes: Buffer): number {
    const chunks = this.#chunks;
    if (chunks !== null) {
      const used = chunks.read(bytes, 0);
      this.#message.isWhole = chunks.isEnded;
      this.#message.trailers = chunks.trailers;
      return used;
    }
    const used = Math.min(this.#left, bytes.length);
    this.#add(bytes.subarray(0, used));
    this.#left -= used;
    this.#message.isWhole = this.#left === 0;
    return used;
  }

  #add(content: Buffer): void {
    this.#message.body = Buffer.concat([this.#message.body, content]);
  }
}
