import { afterAll, beforeAll, expect, test } from "vitest";
import fc, { runsOf } from "../../../test/properties.ts";
import { encodeChunk, encodeLastChunk } from "../../wire/http1/chunked-encoder.ts";
import type { ClientExchange } from "../call/client-exchange.ts";
import { type FrontLab, startFrontLab } from "./testing/front-lab.ts";

// Whatever plain requests come on a connection, however they are cut and read: each is answered once, in order, with all of its body; and what is
// not plain is node:http's, with all that is behind it.

let lab: FrontLab;
beforeAll(async () => {
  lab = await startFrontLab();
});
afterAll(() => lab.close());

const content = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc
    .record({ unit: fc.string({ minLength: 1, maxLength: 5 }), times: fc.nat(6_000) })
    .map(({ unit, times }) => unit.repeat(times)),
);

const call = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
  /** Pieces of the body: undefined where there is none. */
  body: fc.option(fc.array(content, { maxLength: 4 }), { nil: undefined }),
  isBodyChunked: fc.boolean(),
  /** The reader takes so many pieces at once. */
  takes: fc.integer({ min: 1, max: 3 }),
  /** The body is asked for so many turns after its head has come. */
  turns: fc.nat(3),
  answer: fc.array(content, { minLength: 1, maxLength: 4 }),
  isAnswerChunked: fc.boolean(),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

const traffic = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 6 }),
  /** The connection ends with one that is node:http's. */
  endsUnusual: fc.boolean(),
  cuts: fc.array(fc.nat(), { maxLength: 12 }),
});

const KEPT = "Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n";

function requestOf({ method, body, isBodyChunked }: Call, number: number): Buffer {
  const head = `${method} /${number} HTTP/1.1\r\nHost: g\r\n`;
  if (body === undefined) return Buffer.from(`${head}\r\n`);
  const pieces = body.map((piece) => Buffer.from(piece));
  if (!isBodyChunked) {
    const whole = Buffer.concat(pieces);
    return Buffer.concat([Buffer.from(`${head}Content-Length: ${whole.length}\r\n\r\n`), whole]);
  }
  const chunks = pieces.filter(({ length }) => length > 0).map(encodeChunk);
  const coded = Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  return Buffer.concat([coded, ...chunks, encodeLastChunk(null)]);
}

/** What of a call is told in its answer, and what that says of itself. */
function answerOf({ method, body, answer, isAnswerChunked }: Call, number: number): Buffer[] {
  const said = Buffer.from(`${method} /${number} ${body?.join("") ?? ""}`);
  const pieces = [said, ...answer.map((piece) => Buffer.from(piece))].filter(({ length }) => length > 0);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const framing = isAnswerChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  return [Buffer.from(`HTTP/1.1 200 OK\r\n${framing}\r\n${KEPT}`), ...pieces];
}

function bytesOfAnswer(of: Call, number: number): Buffer {
  const [head, ...pieces] = answerOf(of, number);
  if (!of.isAnswerChunked) return Buffer.concat([head!, ...pieces]);
  return Buffer.concat([head!, ...pieces.map(encodeChunk), encodeLastChunk(null)]);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Reads the body in fits and starts, then answers with it. */
async function serve(exchange: ClientExchange, of: Call, number: number): Promise<void> {
  await turns(of.turns);
  const chunks: Buffer[] = [];
  let taken = 0;
  await new Promise<void>((resolve, reject) =>
    exchange.readBody({
      onData(chunk) {
        chunks.push(chunk);
        taken += 1;
        if (taken % of.takes !== 0) return true;
        setImmediate(() => exchange.resumeBody());
        return false;
      },
      onEnd: resolve,
      onBroken: ({ message }) => reject(new Error(message)),
    }),
  );
  const { method, url } = exchange.head;
  const said = Buffer.concat([Buffer.from(`${method} ${url} `), ...chunks]);
  const [, , ...rest] = answerOf(of, number);
  const pieces = [said, ...rest];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const headers = of.isAnswerChunked ? [] : ["Content-Length", String(length)];
  const contentLength = of.isAnswerChunked ? null : length;
  exchange.writeHead({ statusCode: 200, statusMessage: undefined, headers, contentLength, closes: false });
  for (const piece of pieces) {
    exchange.write(piece);
    await turns(of.turns % 2);
  }
  exchange.end(null);
}

test("each request is answered once, in its order, with all of its body", async () => {
  await fc.assert(
    fc.asyncProperty(traffic, async ({ calls, endsUnusual, cuts }) => {
      const failures: Error[] = [];
      lab.exchanges.length = 0;
      lab.readByNode.length = 0;
      lab.onExchange = (exchange) => {
        const number = lab.exchanges.length - 1;
        serve(exchange, calls[number]!, number).catch((error: Error) => failures.push(error));
      };
      const unusual = endsUnusual ? [Buffer.from("PROPFIND /last HTTP/1.1\r\nHost: g\r\n\r\n")] : [];
      const sent = Buffer.concat([...calls.map(requestOf), ...unusual]);
      const expected = Buffer.concat(calls.map(bytesOfAnswer)).toString("latin1");

      const client = await lab.connect();
      const at = [...new Set(cuts.map((cut) => cut % sent.length))].sort((a, b) => a - b);
      for (const [i, start] of [0, ...at].entries()) {
        await new Promise((resolve) => client.socket.write(sent.subarray(start, at[i]), resolve));
      }
      await expect.poll(() => client.received().length).toBeGreaterThanOrEqual(expected.length);
      expect(client.received().slice(0, expected.length)).toBe(expected);
      await expect.poll(() => lab.readByNode).toEqual(endsUnusual ? ["PROPFIND /last "] : []);
      if (!endsUnusual) expect(client.received()).toBe(expected);
      expect(lab.exchanges).toHaveLength(calls.length);
      expect(failures).toEqual([]);
      client.socket.destroy();
    }),
    { numRuns: runsOf(30) },
  );
});
