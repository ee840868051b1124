import { describe, expect, test } from "vitest";
import { HeadError } from "./head-error.ts";
import { readRequestHead } from "./request-head.ts";

const read = (text: string, from = 0) => readRequestHead(Buffer.from(text, "latin1"), from);
const head = (...lines: string[]) => `${lines.join("\r\n")}\r\n\r\n`;
const get = (...lines: string[]) => head("GET /api HTTP/1.1", "Host: gateway", ...lines);

test("a request of kubectl's", () => {
  const text = head(
    "GET /k8s/clusters/prod/api/v1/pods?limit=500 HTTP/1.1",
    "Host: gateway:8443",
    "User-Agent:kubectl/v1.32.5 (linux/amd64)",
    "Accept: \t application/json \t",
    "X-Empty:",
    "X-Name: zo\u00eb",
  );
  const request = read(`xx${text}GET`, 2);
  expect(request).toMatchObject({
    method: "GET",
    url: "/k8s/clusters/prod/api/v1/pods?limit=500",
    httpVersion: "1.1",
    body: 0,
    keepAlive: true,
    asksForUpgrade: false,
    expects: false,
    end: 2 + text.length,
  });
  expect(request!.rawHeaders).toEqual([
    ...["Host", "gateway:8443", "User-Agent", "kubectl/v1.32.5 (linux/amd64)"],
    ...["Accept", "application/json", "X-Empty", "", "X-Name", "zo\u00eb"],
  ]);
  expect(request!.headers).toEqual({
    host: "gateway:8443",
    "user-agent": "kubectl/v1.32.5 (linux/amd64)",
    accept: "application/json",
    "x-empty": "",
    "x-name": "zo\u00eb",
  });
});

test("headers that come twice are joined, kept or dropped as node:http does", () => {
  const lines = ["X-A: 1", "x-a: 2", "Cookie: a", "cookie: b", "Set-Cookie: a", "Set-Cookie: b"];
  expect(read(get(...lines, "User-Agent: first", "user-agent: second"))!.headers).toEqual({
    host: "gateway",
    "x-a": "1, 2",
    cookie: "a; b",
    "set-cookie": ["a", "b"],
    "user-agent": "first",
  });
});

test.each([
  ["none", [], 0],
  ["Content-Length", ["content-LENGTH: 12"], 12],
  ["Content-Length: 0", ["Content-Length: 0"], 0],
  ["chunked", ["Transfer-Encoding: Chunked"], "chunked"],
])("a body of %s", (_what, lines, body) => expect(read(get(...lines))!.body).toBe(body));

test.each([
  [["Connection: close"], { keepAlive: false }],
  [["Connection: keep-alive, CLOSE"], { keepAlive: false }],
  [["Connection: Keep-Alive"], { keepAlive: true }],
  [["Connection: X-Hop", "Connection: close"], { keepAlive: false }],
  [["Connection: Upgrade"], { asksForUpgrade: true }],
  [["Upgrade: websocket"], { asksForUpgrade: true }],
  [["Expect: 100-continue"], { expects: true }],
])("%j", (lines, expected) => expect(read(get(...lines))).toMatchObject(expected));

describe("is not taken", () => {
  test.each([
    ["another method", head("CONNECT /x HTTP/1.1", "Host: x")],
    ["a method in small letters", head("get / HTTP/1.1", "Host: x")],
    ["an empty line before it", `\r\n${get()}`],
    ["HTTP/1.0", head("GET / HTTP/1.0", "Host: x")],
    ["another protocol", head("GET / RTSP/1.0", "Host: x")],
    ["two blanks", head("GET  / HTTP/1.1", "Host: x")],
    ["a blank behind the version", head("GET / HTTP/1.1 ", "Host: x")],
    ["a blank in the target", head("GET /a b HTTP/1.1", "Host: x")],
    ["a target beyond ASCII", head("GET /\u00e9 HTTP/1.1", "Host: x")],
    ["a fragment", head("GET /a#b HTTP/1.1", "Host: x")],
    ["a whole address as target", head("GET http://x/ HTTP/1.1", "Host: x")],
    ["an authority as target", head("GET x:443 HTTP/1.1", "Host: x")],
    ["the target *", head("OPTIONS * HTTP/1.1", "Host: x")],
    ["no Host", head("GET / HTTP/1.1")],
    ["two Hosts", get("HOST: gateway")],
    ["a folded line", get("X: a", " b")],
    ["a blank before the colon", get("X : a")],
    ["no name", get(": a")],
    ["no colon", get("X")],
    ["a name beyond ASCII", get("X\u00e9: a")],
    ["NUL", get("X: a\0b")],
    ["DEL", get("X: a\x7fb")],
    ["a CR without LF", get("X: a\rY: b")],
    ["an LF without CR", get("X: a\nY: b")],
    ["two CRs", get("X: a\r")],
    ["two lengths", get("Content-Length: 5", "Content-Length: 5")],
    ["a list of lengths", get("Content-Length: 5, 5")],
    ["a length with a sign", get("Content-Length: +5")],
    ["a length with a zero before it", get("Content-Length: 05")],
    ["a hexadecimal length", get("Content-Length: 0x5")],
    ["an empty length", get("Content-Length:")],
    ["a length beyond all numbers", get("Content-Length: 18446744073709551621")],
    ["chunked beside a length", get("Content-Length: 5", "Transfer-Encoding: chunked")],
    ["a length beside chunked", get("Transfer-Encoding: chunked", "Content-Length: 5")],
    ["chunked twice", get("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")],
    ["a tab behind chunked", get("Transfer-Encoding: chunked\t")],
    ["a blank behind a length", get("Content-Length: 5 ")],
    ["a tab before a length", get("Content-Length:\t5")],
    ["another coding", get("Transfer-Encoding: gzip, chunked")],
    ["chunked with a parameter", get("Transfer-Encoding: chunked;q=1")],
    ["a Connection that is no list of tokens", get("Connection: close x")],
    ["a Proxy-Connection", get("Proxy-Connection: close")],
    ["1,001 headers", get(...Array(1_000).fill("X: 1"))],
    ["a head that goes on and on", get(`X: ${"x".repeat(1_200_000)}`)],
  ])("%s", (_what, text) => expect(() => read(text)).toThrow(HeadError));
});

test("whatever it begins with, it is not whole, or refused for the reason for which the whole is", () => {
  const whole = get("Content-Length: 5", "Connection: close");
  for (let length = 0; length < whole.length; length++) expect(read(whole.slice(0, length))).toBeNull();
  const broken = get("X: a\0b");
  for (let length = 0; length <= broken.indexOf("\0"); length++)
    expect(read(broken.slice(0, length))).toBeNull();
  expect(() => read(broken.slice(0, broken.indexOf("\0") + 1))).toThrow(HeadError);
});

test("a head of a megabyte is read", () => {
  const text = get(`X: ${"x".repeat(1_100_000)}`);
  expect(read(`${text}body`)!.end).toBe(text.length);
});
