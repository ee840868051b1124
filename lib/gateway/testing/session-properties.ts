import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "../../../test/properties.ts";
import { openRecording } from "../../recordings/recorder/open-recording.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import { MemoryStore } from "../../recordings/recorder/testing/memory-store.ts";
import { testSession } from "../../recordings/store/testing/recorded.ts";
import { type Capture, readCapture } from "../../wire/fixtures/read-capture.ts";
import { SessionInspector, type SessionProtocol } from "../../wire/session-inspector.ts";
import { protocolObserver } from "../session/protocol-observer.ts";
import { tarStreamOf } from "../session/recorded-kind.ts";
import { recordingCallbacks, recordingObserver } from "../session/recording-observer.ts";
import { startTunnel } from "./tunnel-lab.ts";

// Properties of sessions that are watched and recorded, whatever comes: of real captures, changed and cut anywhere. Used by a test and a bench.

const V5: SessionProtocol = { kind: "websocket", subprotocol: "v5.channel.k8s.io" };
const SPDY_V4: SessionProtocol = { kind: "spdy", version: "v4.channel.k8s.io" };

/** Sessions that real kubectl had, as they were captured. */
export const SESSIONS: readonly [string, SessionProtocol][] = [
  ["attach-spdy-v4-tty-kubectl1.20", SPDY_V4],
  ["attach-websocket-v5-tty-kubectl1.32", V5],
  ["cp-from-pod-tar-kubectl1.32", V5],
  ["cp-to-pod-2-tar-kubectl1.32", V5],
  ["debug-attach-websocket-v5-kubectl1.32", V5],
  ["exec-server1.36-spdy-v4", SPDY_V4],
  ["exec-spdy-kubectl1.29", SPDY_V4],
  ["exec-spdy-v4-stdin-eof-kubectl1.20", SPDY_V4],
  ["exec-spdy-v4-stdout-stderr-exit7-kubectl1.20", SPDY_V4],
  ["exec-spdy-v4-tty-resize-kubectl1.20", SPDY_V4],
  ["exec-websocket-v5-kubectl1.36", V5],
  ["exec-websocket-v5-stdin-eof-kubectl1.32", V5],
  ["exec-websocket-v5-stdout-stderr-exit7-kubectl1.32", V5],
  ["exec-websocket-v5-tty-resize-kubectl1.32", V5],
];

interface Sent {
  from: "client" | "server";
  bytes: Buffer;
}

/** What one session sends, in order, and how it is recorded. */
interface Traffic {
  name: string;
  protocol: SessionProtocol;
  sent: Sent[];
  tty: boolean;
  recordInput: boolean;
}

const change = fc.oneof(
  fc.record({ kind: fc.constant("byte" as const), at: fc.nat(), to: fc.nat(255) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), length: fc.nat(600) }),
  fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(), length: fc.nat(600) }),
  fc.record({ kind: fc.constant("insert" as const), at: fc.nat(), bytes: fc.uint8Array({ maxLength: 300 }) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** A captured session with some changes to what either side sent, cut into pieces anywhere. */
export const traffic: fc.Arbitrary<Traffic> = fc
  .record({
    session: fc.constantFrom(...SESSIONS),
    changes: fc.array(fc.tuple(fc.boolean(), change), { maxLength: 6 }),
    pieces: fc.array(fc.integer({ min: 1, max: 4_096 }), { minLength: 1, maxLength: 8 }),
    tty: fc.boolean(),
    recordInput: fc.boolean(),
  })
  .map(({ session: [name, protocol], changes, pieces, tty, recordInput }) => {
    const capture = readCapture(name);
    const of = (from: "client" | "server") =>
      changes
        .filter(([ofClient]) => ofClient === (from === "client"))
        .reduce((bytes, [, each]) => changed(bytes, each), capture[from]);
    const sent = inTurn(capture, { client: of("client"), server: of("server") }, pieces);
    return { name, protocol, sent, tty, recordInput };
  });

function changed(bytes: Buffer, { at, ...how }: Change): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (how.kind === "byte") return Buffer.concat([before, Buffer.from([how.to]), after.subarray(1)]);
  if (how.kind === "cut") return Buffer.concat([before, after.subarray(how.length)]);
  if (how.kind === "repeat") return Buffer.concat([before, after.subarray(0, how.length), after]);
  return Buffer.concat([before, how.bytes, after]);
}

/** In the order of the capture's own turns, then what is left of either side; in pieces of these sizes. */
function inTurn(capture: Capture, streams: Record<Sent["from"], Buffer>, pieces: readonly number[]): Sent[] {
  const sent: Sent[] = [];
  const left = { ...streams };
  const take = (from: Sent["from"], length: number) => {
    for (let taken = 0; taken < length && left[from].length > 0; ) {
      const size = Math.min(pieces[sent.length % pieces.length]!, length - taken);
      sent.push({ from, bytes: Buffer.from(left[from].subarray(0, size)) });
      left[from] = left[from].subarray(size);
      taken += size;
    }
  };
  for (const { from, bytes } of capture.chunks) take(from, bytes.length);
  take("client", left.client.length);
  take("server", left.server.length);
  return sent;
}

async function startRecording({ name, tty, recordInput, protocol }: Traffic) {
  const store = new MemoryStore();
  const command = name.startsWith("cp-") ? ["tar", name.startsWith("cp-from") ? "cf" : "xf", "-"] : ["sh"];
  const recording = await openRecording({
    session: testSession({ tty, inputRecorded: recordInput }),
    policy: "required",
    store,
    tarStream: tarStreamOf({ subresource: "exec", command }),
  });
  const inspector = new SessionInspector({
    subresource: "exec",
    protocol,
    callbacks: recordingCallbacks(recording),
  });
  return { store, recording, inspector };
}

async function closeAndCheck(store: MemoryStore, recording: SessionRecording, bytes: number): Promise<void> {
  await recording.close({
    ending: "completed",
    result: "success",
    message: null,
    exitCode: null,
    bytesIn: null,
    bytesOut: null,
  });
  const end = store.ends[0];
  if (end === undefined || !store.isWhole(end)) throw new Error("the recording is not whole");
  let before = 0;
  for (const { atMs, data } of store.events(recording.recordingId)) {
    if (atMs < before) throw new Error("time runs backwards");
    before = atMs;
    if (data.length > bytes + 4_096)
      throw new Error(`an event of ${data.length} characters of ${bytes} bytes`);
  }
}

/** The frame parsers and the recorder take whatever comes: nothing is thrown, no byte changed, and what was recorded can be read. */
export const takesWhateverComes = fc.asyncProperty(traffic, async (given) => {
  const { store, recording, inspector } = await startRecording(given);
  let bytes = 0;
  for (const { from, bytes: piece } of given.sent) {
    const before = Buffer.from(piece);
    const violation = from === "client" ? inspector.fromClient(piece) : inspector.fromServer(piece);
    if (!piece.equals(before)) throw new Error("a passing byte was changed");
    bytes += piece.length;
    await recording.room();
    if (violation !== null) break;
  }
  await closeAndCheck(store, recording, bytes);
  // What the event loop frees is freed.
  await nextTurn();
});

/**
 * Over real sockets, watched and recorded: each side gets what the other sent, to the byte and in order. Where the protocol was violated, it
 * gets no more than that.
 */
export const passesEveryByte = fc.asyncProperty(traffic, async (given) => {
  const { store, recording, inspector } = await startRecording(given);
  const lab = await startTunnel([protocolObserver(inspector), recordingObserver(recording, "required")]);
  const received = { client: [] as Buffer[], server: [] as Buffer[] };
  lab.client.on("data", (chunk: Buffer) => received.client.push(chunk));
  lab.cluster.on("data", (chunk: Buffer) => received.server.push(chunk));
  for (const { from, bytes } of given.sent) (from === "client" ? lab.client : lab.cluster).write(bytes);
  lab.client.end();
  lab.cluster.end();
  const end = await lab.ended;
  lab.near.client.end();
  await new Promise((resolve) => (lab.client.closed ? resolve(null) : lab.client.once("close", resolve)));
  await closeAndCheck(
    store,
    recording,
    given.sent.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  const all = (from: Sent["from"]) =>
    Buffer.concat(given.sent.filter((each) => each.from === from).map(({ bytes }) => bytes));
  const [toClient, toServer] = [Buffer.concat(received.client), Buffer.concat(received.server)];
  if (!all("server").subarray(0, toClient.length).equals(toClient))
    throw new Error("the client got other bytes");
  if (!all("client").subarray(0, toServer.length).equals(toServer))
    throw new Error("the cluster got other bytes");
  if (end.kind !== "observer-failed" && toClient.length !== all("server").length)
    throw new Error(`the client got ${toClient.length} of ${all("server").length} bytes`);
});
