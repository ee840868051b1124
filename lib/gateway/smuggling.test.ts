import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALICE_TOKEN } from "./testing/test-gateway.ts";
import { openTwoDoors, SENT_AS, type TwoDoors } from "./testing/two-doors.ts";

// Whoever reads a client's bytes, the front or node:http: what the cluster sees, what is on the record and what the client gets are the same, and
// nothing that is inside a message is a message.

let doors: TwoDoors;
beforeAll(async () => {
  doors = await openTwoDoors();
});
afterAll(() => doors.close());

/** As it would be a request of its own to the API server, and one to the gateway. */
const INNER = `GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\nGET /k8s/clusters/prod/api/v1/secrets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ALICE_TOKEN}\r\n\r\n`;
const LENGTH = `Content-Length: ${INNER.length}`;
const CHUNKED = "Transfer-Encoding: chunked";
const END = "0\r\n\r\n";

const chunk = (text: string, size = text.length.toString(16)) => `${size}\r\n${text}\r\n`;

interface Parts {
  method?: string;
  path?: string;
  lines?: string[];
  body?: string;
}

function message({
  method = "POST",
  path = "/api/v1/namespaces/a/pods",
  lines = [],
  body = "",
}: Parts): string {
  const target = path.startsWith("/api") ? `/k8s/clusters/prod${path}` : path;
  const head = [
    `${method} ${target} HTTP/1.1`,
    "Host: gateway",
    `Authorization: Bearer ${ALICE_TOKEN}`,
    SENT_AS,
    ...lines,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** What a client sends next on the same connection, which shows where it began. */
const NEXT = message({ method: "GET", path: "/api/v1/nodes", lines: ["Connection: close"] });
const NEXT_SEEN = "GET /api/v1/nodes ";

/** Cut in all of these ways it must come to the same. */
const PIECES = [100_000, 7];

describe("what is taken is one request, and the next one begins behind it", () => {
  const post = (body: string) => `POST /api/v1/namespaces/a/pods ${body}`;
  test.each<[string, Parts, string]>([
    ["a request in a body of known length", { lines: [LENGTH], body: INNER }, post(INNER)],
    ["a request in a chunk", { lines: [CHUNKED], body: chunk(INNER) + END }, post(INNER)],
    ["an end in a chunk", { lines: [CHUNKED], body: chunk(END + INNER) + END }, post(END + INNER)],
    [
      "a size with zeros and capitals",
      { lines: [CHUNKED], body: chunk("0123456789", "000A") + END },
      post("0123456789"),
    ],
    [
      "chunked in other letters",
      { lines: ["TRANSFER-encoding: CHUNKED"], body: chunk("a") + END },
      post("a"),
    ],
    ["a length of none", { lines: ["Content-Length: 0"] }, post("")],
    [
      "trailers that would be headers",
      {
        lines: [CHUNKED, "Trailer: Authorization"],
        body: `${chunk("a")}0\r\nHost: other\r\nAuthorization: Bearer other\r\nImpersonate-User: bob\r\n\r\n`,
      },
      post("a"),
    ],
    [
      "a length of what is no header",
      { lines: ["Content_Length: 5", "X-Content-Length: 5", "Content-Length: 1"], body: "a" },
      post("a"),
    ],
  ])("%s", async (_what, parts, seen) => {
    for (const piece of PIECES) {
      const { front, node } = await doors.send(message(parts) + NEXT, { piece });
      expect(front).toEqual({ ...node, text: front.text });
      expect(front.statuses).toEqual([200, 200]);
      expect(front.cluster).toEqual([NEXT_SEEN, seen]);
      expect(front.rows).toEqual(["200 success create pods", "200 success list nodes"]);
    }
  });

  test("a length that is too short leaves a request, which is one of its own", async () => {
    const { front, node } = await doors.send(message({ lines: ["Content-Length: 1"], body: `a${NEXT}` }));
    expect(front).toEqual({ ...node, text: front.text });
    expect(front.cluster).toEqual([NEXT_SEEN, post("a")]);
  });

  test("a length that is too long takes the next request in, which is none then", async () => {
    const body = `a${NEXT}`;
    const lines = ["Connection: close", `Content-Length: ${body.length}`];
    const { front, node } = await doors.send(message({ lines, body }));
    expect(front).toEqual({ ...node, text: front.text });
    expect(front.cluster).toEqual([post(body)]);
    expect(front.rows).toEqual(["200 success create pods"]);
  });
});

describe("what can be read in two ways is refused, and nothing behind it is read", () => {
  test.each<[string, Parts]>([
    ["CL.TE", { lines: ["Content-Length: 6", CHUNKED], body: END + INNER }],
    ["TE.CL", { lines: [CHUNKED, "Content-Length: 4"], body: chunk(INNER) + END }],
    ["CL.CL", { lines: ["Content-Length: 0", LENGTH], body: INNER }],
    ["CL.CL, both the same", { lines: [LENGTH, LENGTH], body: INNER }],
    ["a list of lengths", { lines: [`Content-Length: 0, ${INNER.length}`], body: INNER }],
    ["a length with a sign", { lines: [`Content-Length: +${INNER.length}`], body: INNER }],
    ["a negative length", { lines: ["Content-Length: -1"], body: INNER }],
    ["a hexadecimal length", { lines: ["Content-Length: 0x1"], body: INNER }],
    ["a length that overflows", { lines: ["Content-Length: 18446744073709551616"], body: INNER }],
    ["TE.TE, the second another", { lines: [CHUNKED, "Transfer-Encoding: identity"], body: END + INNER }],
    ["TE.TE, the first another", { lines: ["Transfer-Encoding: x", CHUNKED], body: END + INNER }],
    ["chunked before another", { lines: ["Transfer-Encoding: chunked, identity"], body: END + INNER }],
    ["a coding that ends like it", { lines: ["Transfer-Encoding: xchunked"], body: END + INNER }],
    ["a coding in quotes", { lines: ['Transfer-Encoding: "chunked"'], body: END + INNER }],
    ["a coding behind a vertical tab", { lines: ["Transfer-Encoding: \x0bchunked"], body: END + INNER }],
    ["a blank before the colon of a coding", { lines: ["Transfer-Encoding : chunked"], body: END + INNER }],
    ["a blank before the colon of a length", { lines: [`Content-Length : ${INNER.length}`], body: INNER }],
    ["a blank before a name", { lines: ["X: a", " Transfer-Encoding: chunked"], body: END + INNER }],
    ["a folded coding", { lines: ["Transfer-Encoding:\r\n chunked"], body: END + INNER }],
    ["a coding behind a bare LF", { lines: ["X: a\nTransfer-Encoding: chunked"], body: END + INNER }],
    ["a coding behind a bare CR", { lines: ["X: a\rTransfer-Encoding: chunked"], body: END + INNER }],
    ["a NUL in a name", { lines: ["Transfer-Encoding\0: chunked"], body: END + INNER }],
    ["a NUL in a value", { lines: ["X: a\0b"] }],
    ["a NUL in the target", { path: "/api/v1/pods\0" }],
    ["a line without a colon", { lines: ["Transfer-Encoding chunked"], body: END + INNER }],
    ["an authority as target", { method: "CONNECT", path: "prod:443" }],
    ["HTTP/2's preface", { method: "PRI", path: "*" }],
  ])("%s", async (_what, parts) => {
    for (const piece of PIECES) {
      const { front, node } = await doors.send(message(parts) + NEXT, { piece });
      expect(front.cluster).toEqual([]);
      // Of a head in pieces node:http has only the last one to tell the method from; the front has all.
      const rows = piece > 7 ? front.rows : node.rows;
      expect({ ...front, rows }).toEqual({ ...node, text: front.text });
      expect(front.statuses).toEqual([expect.toBeOneOf([400, 501])]);
      expect(front.rows).toEqual([expect.stringMatching(/^(400|501) failure /)]);
    }
  });
});

test.each<[string, Parts]>([
  ["two Hosts", { lines: ["Host: other"] }],
  ["the target of another host", { path: "http://other/k8s/clusters/prod/api/v1/pods" }],
])("%s: refused, and the next request is one", async (_what, parts) => {
  for (const piece of PIECES) {
    const { front, node } = await doors.send(message(parts) + NEXT, { piece });
    expect(front).toEqual({ ...node, text: front.text });
    expect(front.statuses).toEqual([400, 200]);
    expect(front.cluster).toEqual([NEXT_SEEN]);
  }
});

describe("a body that is no HTTP ends the call and the connection", () => {
  test.each([
    ["no size", "\r\n"],
    ["a size that is no number", "zz\r\n"],
    ["a size with a sign", chunk("a", "+1")],
    ["a negative size", chunk("a", "-1")],
    ["a hexadecimal prefix", chunk("a", "0x1")],
    ["a blank before the size", chunk("a", " 1")],
    ["a blank behind the size", chunk("a", "1 ")],
    ["a size that overflows", chunk("a", "10000000000000001")],
    ["a bare LF behind the size", `1\na\r\n${END}`],
    ["a bare CR behind the size", `1\ra\r\n${END}`],
    ["a chunk longer than it says", chunk("ab", "1")],
    ["a bare LF behind a chunk", `1\r\na\n${END}`],
    ["a length as a trailer", "0\r\nContent-Length: 5\r\n\r\n"],
    ["a coding as a trailer", "0\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["a folded trailer", "0\r\nX: a\r\n Connection: close\r\n\r\n"],
    ["a bare LF in a trailer", "0\r\nX: a\nY: b\r\n\r\n"],
    ["a bare CR in a trailer", "0\r\nX: a\rY: b\r\n\r\n"],
    ["a NUL in a trailer", "0\r\nX: \0\r\n\r\n"],
    ["a blank before a trailer's colon", "0\r\nX : a\r\n\r\n"],
  ])("%s", async (_what, body) => {
    for (const piece of PIECES) {
      const { front, node } = await doors.send(
        message({ lines: [CHUNKED], body: body + END + INNER }) + NEXT,
        {
          piece,
        },
      );
      for (const { cluster, statuses, rows, messages } of [front, node]) {
        // The head may have gone on, but nothing whole, and nothing else.
        expect(cluster.filter((seen) => seen !== "/api/v1/namespaces/a/pods")).toEqual([]);
        expect(statuses.every((status) => status === 400)).toBe(true);
        expect(rows).toEqual([expect.stringMatching(/^(400|null) failure create pods$/)]);
        expect(messages).toEqual([expect.any(String)]);
      }
      expect(front.messages).toEqual(node.messages);
      expect(front.rows).toEqual(node.rows);
    }
  });

  // node:http reads over them, and no client of Kubernetes sends any (docs/decisions/0253).
  test.each([
    ["an extension", chunk("a", "1;x=y")],
    ["an extension with a bare LF", chunk("a", "1;x=\ny")],
    ["an extension in quotes, with a line", chunk("a", '1;x="\r\n')],
    ["a size of more digits than any", chunk("a", "000000001")],
    ["Connection as a trailer", "0\r\nConnection: close\r\n\r\n"],
    ["Upgrade as a trailer", "0\r\nUpgrade: websocket\r\n\r\n"],
  ])("%s is refused by the front", async (_what, body) => {
    const { front, node } = await doors.send(message({ lines: [CHUNKED], body: body + END }) + NEXT);
    expect(front.rows).toEqual([expect.stringMatching(/^(400|null) failure create pods$/)]);
    for (const { cluster } of [front, node]) expect(cluster.join()).not.toContain("secrets");
  });
});

describe("requests that the front reads and requests that it leaves, behind each other", () => {
  const plain = (name: string) => message({ method: "GET", path: `/api/v1/namespaces/${name}` });
  const asks = message({ lines: ["Content-Length: 2", "Expect: 100-continue"], body: "ab" });

  test("are all read, each once", async () => {
    for (const piece of PIECES) {
      const { front, node } = await doors.send(plain("a") + asks + plain("b") + NEXT, { piece });
      // node:http says 100 at once, also before the answer to the request before.
      expect(front).toEqual({ ...node, statuses: front.statuses, text: front.text });
      expect(front.statuses).toEqual([200, 100, 200, 200, 200]);
      expect(node.statuses.toSorted()).toEqual([100, 200, 200, 200, 200]);
      expect(front.cluster).toEqual([
        ...["GET /api/v1/namespaces/a ", "GET /api/v1/namespaces/b ", NEXT_SEEN],
        "POST /api/v1/namespaces/a/pods ab",
      ]);
    }
  });

  test.each([
    ["CL.TE", message({ lines: ["Content-Length: 6", CHUNKED], body: END + INNER })],
    ["a folded coding", message({ lines: ["Transfer-Encoding:\r\n chunked"], body: END + INNER })],
    ["a bare LF", message({ lines: ["X: a\nTransfer-Encoding: chunked"], body: END + INNER })],
    ["a chunk longer than it says", message({ lines: [CHUNKED], body: chunk("ab", "1") + END + INNER })],
  ])("%s behind what was left is refused, and nothing behind it is read", async (_what, attack) => {
    for (const piece of PIECES) {
      const { front, node } = await doors.send(plain("a") + asks + attack + NEXT, { piece });
      for (const { cluster } of [front, node]) {
        expect(cluster.join()).not.toMatch(/secrets|nodes/);
        expect(cluster).toContain("POST /api/v1/namespaces/a/pods ab");
      }
    }
  });
});

describe("however much comes, and however it is cut", () => {
  test.each([
    ["a head of 50 KB in pieces of 97 bytes", 50_000, 97],
    ["a head of 300 KB in pieces of 4,001 bytes", 300_000, 4_001],
  ])("%s is a request at both doors", async (_what, length, piece) => {
    const lines = Array.from({ length: length / 500 }, (_, i) => `X-${i}: ${"x".repeat(490)}`);
    const text = message({ method: "GET", path: "/api/v1/pods", lines });
    const { front, node } = await doors.send(text + NEXT, { piece });
    expect(front).toEqual({ ...node, text: front.text });
    expect(front.cluster).toEqual([NEXT_SEEN, "GET /api/v1/pods "]);
  });

  test("a head beyond all bounds is refused at both", async () => {
    const lines = Array.from({ length: 130 }, (_, i) => `X-${i}: ${"x".repeat(10_000)}`);
    const { front, node } = await doors.send(message({ method: "GET", lines }), { piece: 16_000 });
    for (const { cluster, rows } of [front, node]) {
      expect(cluster).toEqual([]);
      expect(rows).toEqual([expect.stringMatching(/^431 failure/)]);
    }
  });

  test.each([1_000_000, 333])(
    "two hundred requests behind each other, in pieces of %i bytes",
    async (piece) => {
      const one =
        message({ body: "ab", lines: ["Content-Length: 2"] }) +
        message({ lines: [CHUNKED], body: chunk("cd") + END });
      const { front, node } = await doors.send(one.repeat(100) + NEXT, { piece });
      for (const { statuses, cluster } of [front, node]) {
        expect(statuses).toEqual(Array(201).fill(200));
        expect(cluster).toHaveLength(201);
        expect(cluster.filter((seen) => seen.endsWith(" ab"))).toHaveLength(100);
        expect(cluster.filter((seen) => seen.endsWith(" cd"))).toHaveLength(100);
      }
    },
  );
});
