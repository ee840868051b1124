import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "./testing/memory-recorder.ts";
import { exchange } from "./testing/raw-client.ts";
import { type ScriptedServer, startScriptedServer } from "./testing/scripted-server.ts";
import { ALICE_TOKEN, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

// A cluster that answers with what is no HTTP, or with more or less than it says: at both doors the client gets the one answer that can be told
// without doubt, or a refusal, or an answer that breaks off; the row says which; and nobody else's call is answered by what was left over.

interface Door {
  readBy: "front" | "node";
  gateway: TestGateway;
  api: ScriptedServer;
}
const doors: Door[] = [];

beforeAll(async () => {
  for (const readBy of ["front", "node"] as const) {
    const [gateway, api] = await Promise.all([startTestGateway({ readBy }), startScriptedServer()]);
    gateway.addCluster("prod", api.upstream);
    doors.push({ readBy, gateway, api });
  }
});
afterAll(async () => {
  for (const { gateway, api } of doors) {
    await gateway.close();
    await api.close();
  }
});

const EVIL = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n{evil}";
const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

const CALL_ID = /[0-9a-f]{8}-[0-9a-f-]{27}/;

interface Options {
  method?: string;
  /** It closes behind the answer. */
  closes?: boolean;
  /** The gateway closes the connection by itself, before the next call. */
  isCut?: boolean;
}

interface Got {
  status: number | null;
  /** Without its framing; null: it breaks off. */
  body: string | null;
  row: string;
  text: string;
}

function call({ gateway }: Door, path = "/api/v1/pods", method = "GET"): Promise<string> {
  const head = [`${method} /k8s/clusters/prod${path} HTTP/1.1`, "Host: gateway"];
  head.push(`Authorization: Bearer ${ALICE_TOKEN}`, "Connection: close");
  return exchange(gateway.port, `${head.join("\r\n")}\r\n\r\n`, "latin1");
}

/** What a client gets of an answer, and what the next call gets, which must be its own. */
async function answerOf(
  door: Door,
  writes: readonly string[],
  { method = "GET", isCut = false }: Options,
): Promise<Got> {
  const { gateway, api } = door;
  gateway.recorder.clear();
  api.answers = [writes];
  const text = await call(door, "/api/v1/pods", method);
  await until(() => gateway.recorder.entries.length === 1, "the row");
  const [entry] = gateway.recorder.entries;
  api.closes = false;
  if (isCut) await until(() => api.connections() === 0, "the connection's end");
  expect(await call(door, "/api/v1/nodes")).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\{\}$/);
  return {
    status: text === "" ? null : Number(text.slice(9, 12)),
    body: bodyOf(text)?.replace(CALL_ID, "<id>") ?? null,
    row: `${entry?.httpStatus} ${entry?.result}`,
    text,
  };
}

function bodyOf(text: string): string | null {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const head = text.slice(0, end);
  const body = text.slice(end + 4);
  const length = /\r\nContent-Length: (\d+)/i.exec(head);
  if (length !== null) return body.length === Number(length[1]) ? body : null;
  if (!/\r\nTransfer-Encoding: chunked/i.test(head)) return body;
  let content = "";
  for (let at = 0; ; ) {
    const size = /^([0-9a-f]+)\r\n/i.exec(body.slice(at));
    if (size === null) return null;
    at += size[0].length;
    const bytes = Number.parseInt(size[1]!, 16);
    if (bytes === 0) return content;
    content += body.slice(at, at + bytes);
    at += bytes + 2;
  }
}

/** At both doors, the same. */
async function atBothDoors(writes: readonly string[], options: Options = {}): Promise<Got> {
  const got: Got[] = [];
  for (const door of doors) {
    door.api.closes = options.closes === true;
    got.push(await answerOf(door, writes, options));
  }
  const [front, node] = got;
  expect({ ...front, text: "" }).toEqual({ ...node, text: "" });
  expect(front!.text).not.toContain("evil");
  return front!;
}

describe("an answer that can be told", () => {
  test.each<[string, string[], string, Options?]>([
    ["byte by byte", [...`${OK}Content-Length: 2\r\n\r\n{}`], "{}"],
    ["in chunks", [`${CHUNKED}2\r\n{`, "}\r", "\n0\r\n", "\r\n"], "{}"],
    ["with a second one behind it", [`${OK}Content-Length: 2\r\n\r\n{}${EVIL}`], "{}"],
    ["with a second one behind its last chunk", [`${CHUNKED}2\r\n{}\r\n0\r\n\r\n${EVIL}`], "{}"],
    [
      "with a second one some time behind it",
      [`${OK}Content-Length: 2\r\n\r\n{}`, EVIL, EVIL],
      "{}",
      { isCut: true },
    ],
    ["longer than it says", [`${OK}Content-Length: 2\r\n\r\n{}{evil}`], "{}"],
    ["by closing", [`${OK}\r\n{}`], "{}", { closes: true }],
    ["by closing, as HTTP/1.0", ["HTTP/1.0 200 OK\r\n\r\n{}"], "{}", { closes: true }],
    ["behind 1xx", [`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}Content-Length: 2\r\n\r\n{}`], "{}"],
    ["to HEAD, with a body all the same", [`${OK}Content-Length: 6\r\n\r\n{evil}`], "", { method: "HEAD" }],
    ["304 with a length and a body", [`HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n{evil}`], ""],
  ])("%s", async (_what, writes, body, options) => {
    const got = await atBothDoors(writes, options);
    expect(got.text).toMatch(/^HTTP\/1\.1 (200|304) /);
    if (options?.method !== "HEAD" && got.status !== 304) expect(got.body).toBe(body);
    expect(got.row).toMatch(/^(200|304) success$/);
  });

  test("its length goes on, though Connection names it; nothing else does that it names", async () => {
    const { text } = await atBothDoors([
      `${OK}Connection: X-Hop, Content-Length\r\nX-Hop: 1\r\nContent-Length: 2\r\n\r\n{}`,
    ]);
    expect(text).toMatch(/\r\nContent-Length: 2\r\n[\s\S]*\r\n\r\n\{\}$/);
    expect(text).not.toContain("X-Hop");
  });

  test("its trailers go on, but for those that would speak for the gateway", async () => {
    const { text } = await atBothDoors([`${CHUNKED}2\r\n{}\r\n0\r\nX-Sum: 1\r\nSet-Cookie: evil=1\r\n\r\n`]);
    expect(text).toMatch(/0\r\nX-Sum: 1\r\n\r\n$/);
  });
});

describe("is no answer: the client is told so, and the row says it", () => {
  test.each<[string, string[]]>([
    ["two lengths", [`${OK}Content-Length: 2\r\nContent-Length: 8\r\n\r\n{}{evil}`]],
    ["a list of lengths", [`${OK}Content-Length: 2, 8\r\n\r\n{}{evil}`]],
    ["a length with a sign", [`${OK}Content-Length: +2\r\n\r\n{}`]],
    [
      "a length beside chunks",
      [`${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ],
    [
      "chunks beside a length",
      [`${OK}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ],
    ["a blank before the colon", [`${OK}Content-Length : 2\r\n\r\n{}`]],
    ["a folded line", [`${OK}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}`]],
    ["a bare LF in a value", [`${OK}X: a\nSet-Cookie: evil\r\nContent-Length: 2\r\n\r\n{}`]],
    ["a bare CR in a value", [`${OK}X: a\rSet-Cookie: evil\r\nContent-Length: 2\r\n\r\n{}`]],
    ["a NUL in a value", [`${OK}X: a\0\r\nContent-Length: 2\r\n\r\n{}`]],
    ["lines that end with LF", ["HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"]],
    ["another protocol", ["SSH-2.0-OpenSSH_9.6\r\n"]],
    ["another version", ["HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"]],
    ["a status of two digits", ["HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}"]],
    [
      "101 that nobody asked for",
      [`HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n${EVIL}`],
    ],
    ["1xx without end", Array(400).fill("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(10))],
    ["a head without end", [OK, ...Array(400).fill(`X: ${"x".repeat(1_000)}\r\n`)]],
    ["a line without end", [OK, "X: ", ...Array(400).fill("x".repeat(1_000))]],
  ])("%s", async (_what, writes) => {
    const got = await atBothDoors(writes);
    expect(got.status).toBe(502);
    expect(got.row).toBe("502 failure");
  });
});

describe("breaks off: so does what the client gets, and the row says it", () => {
  test.each<[string, string[], Options?]>([
    ["shorter than it says", [`${OK}Content-Length: 8\r\n\r\n{}`], { closes: true }],
    ["without its last chunk", [`${CHUNKED}2\r\n{}\r\n`], { closes: true }],
    ["in the middle of a chunk", [`${CHUNKED}8\r\n{}`], { closes: true }],
    ["a chunk longer than it says", [`${CHUNKED}2\r\n{}{evil}\r\n0\r\n\r\n`]],
    ["a chunk size that is no number", [`${CHUNKED}2\r\n{}\r\nzz\r\n0\r\n\r\n`]],
    ["a chunk size that overflows", [`${CHUNKED}2\r\n{}\r\n10000000000000006\r\n{evil}\r\n0\r\n\r\n`]],
    ["a bare LF behind a size", [`${CHUNKED}2\r\n{}\r\n6\n{evil}\r\n0\r\n\r\n`]],
    ["a length as a trailer", [`${CHUNKED}2\r\n{}\r\n0\r\nContent-Length: 2\r\n\r\n`]],
    ["a bare LF in a trailer", [`${CHUNKED}2\r\n{}\r\n0\r\nX: a\nSet-Cookie: evil\r\n\r\n`]],
    [
      "a trailer without end",
      [`${CHUNKED}2\r\n{}\r\n0\r\n`, ...Array(400).fill(`X: ${"x".repeat(1_000)}\r\n`)],
    ],
  ])("%s", async (_what, writes, options) => {
    const got = await atBothDoors(writes, options);
    // Where nothing had gone out yet it is refused instead.
    expect(got.body === null || got.status === 502).toBe(true);
    expect(got.row).toMatch(/^(200|502) failure$/);
  });
});
