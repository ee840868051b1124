import assert from "node:assert/strict";
import fc from "../../../../test/properties.ts";
import { HeadError } from "../head-error.ts";
import { answerStreams, bytesOf, requestStreams } from "./message-streams.ts";
import { answersByHouse, type Reading, requestsByHouse } from "./read-by-house.ts";
import { answerByNode, requestsByNode } from "./read-by-node.ts";
import { answerByUndici } from "./read-by-undici.ts";
import type { SeenMessage } from "./read-message.ts";

// Whatever the readers of this folder take, node:http reads the same. Used by a test and a bench.

/** How many messages were taken whole, in pieces, and not at all: a search in which nothing is taken would find nothing. */
export const counts = { requests: 0, answers: 0, brokenBodies: 0, notTaken: 0 };

/**
 * Requests behind each other: node:http reads those that are taken, to the letter, and the next one begins for it where it does here: what it
 * makes of the bytes behind alone is what it makes of them behind those that were taken.
 */
export const requestsAgree = fc.asyncProperty(requestStreams, async (stream) => {
  const { bytes, pieces } = bytesOf(stream);
  const house = requestsByHouse(pieces);
  checkCuts(house, requestsByHouse([bytes]));
  const node = await requestsByNode(pieces);
  count(house, "requests");
  for (const [index, ours] of house.messages.entries()) agree(ours, node[index]);
  const last = house.messages.at(-1);
  if (last === undefined || !last.isWhole || !last.keepAlive) return;
  const behind = await requestsByNode(from(pieces, house.taken));
  const next = untilUpgrade(node.slice(house.messages.length));
  assert.deepEqual(next, untilUpgrade(behind), "the next request");
});

/** The same of an answer, of which node:http's client reads the first that is no 1xx; undici reads the same or gives it up. */
export const answersAgree = fc.asyncProperty(
  answerStreams,
  fc.constantFrom("GET" as const, "GET" as const, "POST" as const, "HEAD" as const),
  async (stream, method) => {
    const { bytes, pieces } = bytesOf(stream);
    const house = answersByHouse(pieces, [method]);
    checkCuts(house, answersByHouse([bytes], [method]));
    count(house, "answers");
    const ours = house.messages.find(({ statusCode }) => statusCode >= 200);
    if (ours === undefined) return;
    const node = await answerByNode(pieces, method);
    // A connection that node:http would keep may be closed, never the other way round.
    if (node !== null && !ours.keepAlive) node.keepAlive = false;
    agree(ours, node ?? undefined);
    // undici gives more up, such as where a server says 100 without being asked; what it reads must be the same.
    const undici = await answerByUndici(pieces, method);
    if (undici === null) return;
    const isWhole = ours.isWhole && undici.isWhole;
    agree({ ...ours, ...UNTOLD, isWhole }, { ...undici, ...UNTOLD, isWhole });
  },
);

function agree(ours: SeenMessage, node: SeenMessage | undefined): void {
  assert.ok(node !== undefined, "node:http does not take it");
  const length = ours.isWhole ? undefined : Math.min(ours.body.length, node.body.length);
  const of = (message: SeenMessage) => ({
    ...comparable(message),
    // A broken body was passed on up to where it breaks, which each finds in its own time.
    ...(length !== undefined && { body: message.body.subarray(0, length), trailers: [], isWhole: false }),
  });
  assert.deepEqual(of(ours), of(node));
}

/** What undici does not tell of an answer; of a reason that comes in pieces it has the last one. */
const UNTOLD = { headers: {}, keepAlive: false, trailers: [], statusMessage: "" };

/** The pieces without the first bytes. */
function from(pieces: readonly Buffer[], taken: number): Buffer[] {
  let at = 0;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.max(0, Math.min(piece.length, taken - at)));
    at += piece.length;
    return rest.length > 0 ? [rest] : [];
  });
}

/** What follows an upgrade is no request, or, where it is ignored, one of which node:http loses what came with it. */
function untilUpgrade(messages: SeenMessage[]): SeenMessage[] {
  const at = messages.findIndex(({ headers }) => headers.upgrade !== undefined);
  return (at === -1 ? messages : messages.slice(0, at)).map(comparable);
}

const comparable = (message: SeenMessage) => ({ ...message, headers: { ...message.headers } });

function checkCuts<M extends SeenMessage>(pieces: Reading<M>, whole: Reading<M>): void {
  assert.deepEqual(pieces.messages, whole.messages, "it depends on how the bytes are cut");
  // In pieces what is no head may be found later, but before it could be taken for one.
  if (whole.stopped instanceof HeadError) return;
  assert.ok(!(pieces.stopped instanceof HeadError), "in pieces it is refused");
  assert.equal(pieces.taken, whole.taken, "where it stops depends on how the bytes are cut");
}

function count({ messages, stopped }: Reading<SeenMessage>, of: "requests" | "answers"): void {
  const whole = messages.filter(({ isWhole }) => isWhole).length;
  counts[of] += whole;
  if (whole < messages.length && stopped instanceof HeadError) counts.brokenBodies++;
  if (messages.length === 0) counts.notTaken++;
}
