import { readFileSync } from "node:fs";
import fc from "../../../../test/properties.ts";

// Streams of requests and of answers: nearly right, wrong in all the ways that readers are known to take differently, and real ones, changed.

/** Mostly right: what is refused at once shows nothing. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: odd });
const from = (...texts: string[]) => fc.constantFrom(...texts);

const octets = (maxLength: number) =>
  fc.array(fc.nat(255), { maxLength }).map((all) => Buffer.from(all).toString("latin1"));
const visible = fc
  .array(fc.integer({ min: 0x21, max: 0x7e }), { maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes));
const plainValue = fc.oneof(
  visible,
  from("", "a b", "\t x \t", "caf\u00e9", "\u00ff\u0080", '"q, r"', "1,2", "a:b", "x\ty"),
);

const target = mostly(
  fc.oneof(
    from(
      "/",
      "/api/v1/pods",
      "/k8s/clusters/prod/api/v1/pods?limit=500&x=%20",
      "//",
      "/a?b?c",
      "/a/../b",
      "/%00",
    ),
    visible.map((text) => `/${text}`),
  ),
  fc.oneof(
    from(
      "*",
      "http://host/x",
      "HTTP://h",
      "host:443",
      "/a b",
      "/a#b",
      "/\u00e9",
      "/\t",
      "",
      "/\0",
      "?a",
      "//h\\x",
    ),
    octets(6).map((text) => `/${text}`),
  ),
);
const requestLine = fc
  .tuple(
    mostly(
      from("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
      from(
        "CONNECT",
        "TRACE",
        "get",
        "GETX",
        "G\tT",
        "M-SEARCH",
        "PRI",
        "LINK",
        "QUERY",
        "",
        " GET",
        "\r\nGET",
      ),
    ),
    target,
    mostly(
      from("HTTP/1.1"),
      from(
        "HTTP/1.0",
        "HTTP/2.0",
        "HTTP/1.1 ",
        "http/1.1",
        "HTTP/01.1",
        "HTTP/1.2",
        "RTSP/1.0",
        "ICE/1.0",
        "",
      ),
    ),
    mostly(from(" "), from("  ", "\t", "")),
  )
  .map(([method, path, version, blank]) => `${method} ${path}${blank}${version}`);

const statusLine = fc
  .tuple(
    mostly(
      from("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"),
      from("HTTP/2.0", "http/1.1", "HTTP/1.2", "ICY", " HTTP/1.1"),
    ),
    mostly(
      from("200", "201", "204", "304", "404", "503", "100", "102", "103"),
      from("101", "000", "099", "999", "20", "2000", "+20", "2e2", "1", "\u0664\u0660"),
    ),
    mostly(
      from(" OK", " Not Found", " ", ""),
      from("  x ", " \u00e9", " a\tb", "\tOK", " \0", " a\rb", "-OK"),
    ),
  )
  .map(([version, status, reason]) => `${version} ${status}${reason}`);

/** Lines that say how the message ends, or seem to. */
const framingLine = from(
  ...[
    "Content-Length: 5",
    "content-length: 5",
    "Content-Length: 0",
    "Content-Length:5 ",
    "Content-Length: 05",
  ],
  ...[
    "Content-Length: +5",
    "Content-Length: -1",
    "Content-Length: 5, 5",
    "Content-Length: 0x5",
    "Content-Length:",
  ],
  ...[
    "Content-Length: 5 5",
    "Content-Length: 5\t",
    "Content-Length: 99999999999999999999",
    "Content-Length : 5",
  ],
  ...[
    "Content-Length: 18446744073709551621",
    "Content-Length: 5;a",
    "Content-Length: \u000b5",
    "Content_Length: 5",
  ],
  ...[
    "Transfer-Encoding: chunked",
    "transfer-encoding: CHUNKED",
    "Transfer-Encoding:chunked",
    "Transfer-Encoding: chunked\t",
  ],
  ...[
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: identity",
  ],
  ...[
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked;q=1",
    "Transfer-Encoding:",
    'Transfer-Encoding: "chunked"',
  ],
  ...[
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: ch\u00fcnked",
    "Transfer-Encoding:\u000bchunked",
    "Transfer-Encoding: ,chunked",
  ],
  ...[
    " Transfer-Encoding: chunked",
    "X: y\nTransfer-Encoding: chunked",
    "X: y\rTransfer-Encoding: chunked",
    "TE: chunked",
  ],
  ...[
    "X:\r\n Transfer-Encoding: chunked",
    "Transfer-Encoding:\r\n chunked",
    "Content-Length: 5\r",
    "Content-Length: 5\0",
  ],
  ...[
    "Transfer\u00adEncoding: chunked",
    "Transfer-Encoding\0: chunked",
    "Transfer-encodin\u212a: chunked",
    ": chunked",
  ],
);
const connectionLine = from(
  ...[
    "Connection: close",
    "Connection: keep-alive",
    "connection: Close",
    "Connection: keep-alive, close",
    "Connection:",
  ],
  ...[
    "Connection: close, X-Hop",
    "Connection: x, y",
    "Connection: closed",
    "Connection: close close",
    "Connection: clo se",
  ],
  ...[
    "Connection: upgrade",
    "Connection: Upgrade, close",
    "Upgrade: websocket",
    "Upgrade: h2c",
    "Proxy-Connection: close",
  ],
  ...[
    "Proxy-Connection: keep-alive",
    "Keep-Alive: timeout=1, max=1",
    "Connection: \tclose\t",
    "Connection: ,close,",
    "Connection: close;",
  ],
  ...[
    "Expect: 100-continue",
    "Expect: x",
    "Trailer: Content-Length",
    "HTTP2-Settings: AAMAAABkAAQAAP__",
    "Connection: \u0130close",
  ],
);
const otherLine = fc.oneof(
  fc
    .tuple(
      mostly(
        from(
          "Accept",
          "X-A",
          "x-a",
          "Cookie",
          "Set-Cookie",
          "set-cookie",
          "Authorization",
          "User-Agent",
          "ETag",
          "Age",
          "Via",
          "Warning",
        ),
        from(
          "__proto__",
          "constructor",
          "X A",
          "X\t",
          "X-\u00e9",
          "",
          "!#$%&'*+-.^_`|~",
          "Server",
          "Location",
          "Retry-After",
          "Date",
          "If-Match",
        ),
      ),
      mostly(from(": ", ":", ":\t "), from(" : ", "", "=", ": :")),
      mostly(plainValue, octets(8)),
    )
    .map((parts) => parts.join("")),
  connectionLine,
);

const endOfLine = fc.oneof(
  { weight: 200, arbitrary: from("\r\n") },
  { weight: 1, arbitrary: from("\n", "\r", "\r\r\n", "\n\r", "\0\r\n", " \r\n", "\r\n ") },
);
const lines = (all: readonly string[], ends: readonly string[]) =>
  all.map((line, index) => line + ends[index % ends.length]!).join("");

const chunkSize = (length: number) =>
  mostly(
    from(length.toString(16), length.toString(16).toUpperCase(), `00${length.toString(16)}`),
    from(
      ...[
        (length + 1).toString(16),
        Math.max(0, length - 1).toString(16),
        `${length.toString(16)};a=b`,
        `${length.toString(16)} `,
      ],
      ...[
        `0x${length.toString(16)}`,
        `+${length.toString(16)}`,
        `-${length.toString(16)}`,
        ` ${length.toString(16)}`,
        "",
      ],
      ...[
        `${length.toString(16)};\n`,
        `${length.toString(16)};a="\r\n"`,
        `1000000000000000${length.toString(16)}`,
        `${length.toString(16)}g`,
      ],
      ...[`${length.toString(16)}\t`, `${"0".repeat(20)}${length.toString(16)}`, `${length.toString(16)};`],
    ),
  );
const content = fc.oneof(
  from(
    "hello",
    "0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n",
    "\r\n",
    "5\r\nhello\r\n",
  ),
  octets(20),
);
const chunk = content
  .filter((text) => text !== "")
  .chain((text) => fc.tuple(chunkSize(text.length), fc.constant(text), endOfLine, endOfLine))
  .map(([size, text, afterSize, afterText]) => `${size}${afterSize}${text}${afterText}`);
const trailer = from(
  ...[
    "X-T: 1",
    "Host: other",
    "Authorization: Bearer x",
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
    "Connection: close",
  ],
  ...[
    "X-T : 1",
    " folded",
    "x",
    "X-T: \0",
    "Upgrade: websocket",
    "Set-Cookie: a",
    "Expect: 100-continue",
    "X-T:",
  ],
);
const chunkedBody = fc
  .tuple(
    fc.array(chunk, { maxLength: 4 }),
    mostly(from("0"), from("00", "000000000", "0;a", "0 ", "", "-0", "0x0")),
    fc.array(trailer, { maxLength: 2 }),
    fc.array(endOfLine, { minLength: 1, maxLength: 4 }),
    endOfLine,
  )
  .map(([chunks, last, trailers, ends, end]) => chunks.join("") + lines([last, ...trailers], ends) + end);

/** Each of them right alone. */
const PLAIN_LENGTHS = [
  ...["Content-Length: 5", "content-length: 5", "Content-Length: 0"],
  ...["Transfer-Encoding: chunked", "transfer-encoding: chunked"],
];

/** What says how the body ends, and a body: mostly as it is said. */
const framed = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ said: [] as string[], body: "" }) },
  {
    weight: 4,
    arbitrary: content.map((body) => ({
      said: [`Content-Length: ${Buffer.from(body, "latin1").length}`],
      body,
    })),
  },
  { weight: 4, arbitrary: chunkedBody.map((body) => ({ said: ["Transfer-Encoding: chunked"], body })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.shuffledSubarray(PLAIN_LENGTHS, { minLength: 2 }), fc.oneof(chunkedBody, from("hello")))
      .map(([said, body]) => ({ said, body })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.array(framingLine, { minLength: 1, maxLength: 3 }),
        fc.oneof(chunkedBody, content, from("hello")),
      )
      .map(([said, body]) => ({ said, body })),
  },
);

const hostLines = mostly(
  from("Host: gateway", "host: x:1", "Host:"),
  from("Host: a\r\nHost: b", "Host: a\r\nHOST: a", "X: no host", "Host : a", "Host: a\tb", "Host:\r\n a"),
).map((text) => [text]);

const message = (first: fc.Arbitrary<string>, always: fc.Arbitrary<string[]>) =>
  fc
    .tuple(
      first,
      always,
      fc.array(otherLine, { maxLength: 4 }),
      framed,
      fc.array(endOfLine, { minLength: 1, maxLength: 7 }),
      fc.nat(),
    )
    .map(([start, fixed, others, { said, body }, ends, turn]) => {
      const fields = [...fixed, ...others, ...said];
      const at = turn % fields.length || 0;
      return lines([start, ...fields.slice(at), ...fields.slice(0, at), ""], ends) + body;
    });

const CAPTURES = [
  "delete-configmap-kubectl1.32",
  "create-configmap-protobuf-kubectl1.32",
  "get-watch-table-kubectl1.32",
  "exec-denied-2-spdy-fallback-403-kubectl1.32",
  "exec-websocket-v5-kubectl1.36",
];

/** All that one side of a captured connection sent, in Latin-1. */
function captured(name: string, side: "c" | "s"): string {
  const file = new URL(`../../fixtures/${name}.jsonl`, import.meta.url);
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { d?: string; b?: string })
    .filter(({ d }) => d === side)
    .map(({ b }) => Buffer.from(b ?? "", "base64").toString("latin1"))
    .join("");
}

const SNIPPETS = [
  ...[
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "\t",
    ":",
    "\r\n\r\n",
    "\u000b",
    "\u00a0",
    "\u0085",
    "0\r\n\r\n",
    ";",
    ",",
    "\u00ff",
  ],
  ...[
    "\r\nContent-Length: 5\r\n",
    "\r\nTransfer-Encoding: chunked\r\n",
    "\r\nHost: other\r\n",
    "\r\n folded",
    "\r\nConnection: close\r\n",
  ],
  ...[
    "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ],
];
const change = fc.record({
  at: fc.nat(),
  /** Changes are near the beginning of a line as often as anywhere. */
  atLine: fc.boolean(),
  drops: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.nat(80)),
  adds: fc.oneof(fc.constant(""), from(...SNIPPETS), octets(3)),
});

function changed(
  text: string,
  { at, atLine, drops, adds }: typeof change extends fc.Arbitrary<infer C> ? C : never,
) {
  let place = text.length === 0 ? 0 : at % text.length;
  if (atLine) place = Math.max(0, text.lastIndexOf("\r\n", place)) + (at % 5);
  return text.slice(0, place) + adds + text.slice(place + drops);
}

/** Cut anywhere: into some pieces, or byte by byte. */
const cuts = fc.oneof(
  fc.constant([1_000_000]),
  fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
  fc.constant([1]),
);

/** What one side sends: in Latin-1, and the sizes of the pieces, in turn. */
interface MessageStream {
  text: string;
  sizes: readonly number[];
}

/** All of a stream, and the pieces in which it comes. */
export function bytesOf({ text, sizes }: MessageStream): { bytes: Buffer; pieces: Buffer[] } {
  const bytes = Buffer.from(text, "latin1");
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    // Of what is long, only the beginning byte by byte.
    const size = at > 1_000 ? Math.max(100, sizes[0]!) : sizes[pieces.length % sizes.length]!;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return { bytes, pieces };
}

const streamOf = (one: fc.Arbitrary<string>, side: "c" | "s") => {
  const real = from(...CAPTURES.map((name) => captured(name, side)));
  const changes = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
  );
  const text = fc.oneof(
    { weight: 5, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join("")) },
    { weight: 1, arbitrary: real },
  );
  return fc
    .tuple(text, changes, cuts)
    .map(([whole, each, sizes]): MessageStream => ({ text: each.reduce(changed, whole), sizes }));
};

/** What a client might send on one connection. */
export const requestStreams = streamOf(message(requestLine, hostLines), "c");

/** What an API server might answer. */
export const answerStreams = streamOf(message(statusLine, fc.constant([])), "s");
