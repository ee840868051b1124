import { describe, expect, test } from "vitest";
import { HeadError } from "./head-error.ts";
import { readResponseHead } from "./response-head.ts";

const read = (text: string, method = "GET") => readResponseHead(Buffer.from(text, "latin1"), 0, { method });
const head = (...lines: string[]) => `${lines.join("\r\n")}\r\n\r\n`;
const ok = (...lines: string[]) => head("HTTP/1.1 200 OK", ...lines);

test("an API server's answer", () => {
  const text = ok("Audit-Id: 1", "Content-Type: application/json", "Content-Length: 5");
  const answer = read(`${text}hello`);
  expect(answer).toMatchObject({ statusCode: 200, statusMessage: "OK", body: 5, keepAlive: true });
  expect(answer!.end).toBe(text.length);
  expect(answer!.rawHeaders).toEqual([
    ...["Audit-Id", "1", "Content-Type", "application/json", "Content-Length", "5"],
  ]);
  expect(answer!.headers["audit-id"]).toBe("1");
});

test.each([
  ["chunks", ok("Transfer-Encoding: chunked"), "GET", "chunked", true],
  ["closing", ok(), "GET", "until-close", false],
  ["closing, in HTTP/1.0", head("HTTP/1.0 200 OK"), "GET", "until-close", false],
  ["its length, in HTTP/1.0", head("HTTP/1.0 200 OK", "Content-Length: 5"), "GET", 5, false],
  ["its head, to HEAD", ok("Content-Length: 5"), "HEAD", 0, true],
  ["its head, to HEAD, which says chunked", ok("Transfer-Encoding: chunked"), "HEAD", 0, true],
  ["its head, to HEAD, which says nothing", ok(), "HEAD", 0, false],
  ["its head, with 204", head("HTTP/1.1 204 No Content"), "DELETE", 0, true],
  ["its head, with 304", head("HTTP/1.1 304 Not Modified", "Content-Length: 5"), "GET", 0, true],
  ["its head, with 100", head("HTTP/1.1 100 Continue"), "POST", 0, true],
  ["its length, and the connection", ok("Content-Length: 5", "Connection: close"), "GET", 5, false],
])("ends with %s", (_what, text, method, body, keepAlive) => {
  expect(read(text, method)).toMatchObject({ body, keepAlive });
});

test.each([
  ["HTTP/1.1 200\r\n\r\n", ""],
  ["HTTP/1.1 200 \r\n\r\n", ""],
  ["HTTP/1.1 404 Not Found\r\n\r\n", "Not Found"],
  ["HTTP/1.1 200 caf\u00e9\r\n\r\n", "caf\u00e9"],
  ["HTTP/1.1 200 O\u0001K\r\n\r\n", "O\u0001K"],
])("the reason of %j", (text, reason) => expect(read(text)?.statusMessage).toBe(reason));

describe("is refused", () => {
  test.each([
    ["another protocol", head("HTTP/2.0 200 OK")],
    ["small letters", head("http/1.1 200 OK")],
    ["a status of two digits", head("HTTP/1.1 20 OK")],
    ["a status of four digits", head("HTTP/1.1 2000 OK")],
    ["a status below 100", head("HTTP/1.1 099 OK")],
    ["a control character in the reason", head("HTTP/1.1 200 a\0b")],
    ["a bare LF", "HTTP/1.1 200 OK\n\n"],
    ["a CR in the reason", head("HTTP/1.1 200 a\rb")],
    ["two lengths", ok("Content-Length: 5", "Content-Length: 6")],
    ["two lengths that are one", ok("Content-Length: 5", "Content-Length: 5")],
    ["chunked beside a length", ok("Transfer-Encoding: chunked", "Content-Length: 5")],
    ["another coding", ok("Transfer-Encoding: gzip, chunked")],
    ["chunked in HTTP/1.0", head("HTTP/1.0 200 OK", "Transfer-Encoding: chunked")],
    ["a length with 204", head("HTTP/1.1 204 No Content", "Content-Length: 5")],
    ["chunked with 101", head("HTTP/1.1 101 Switching Protocols", "Transfer-Encoding: chunked")],
    ["a folded line", ok("X: a", " b")],
    ["a head that goes on and on", ok(`X: ${"x".repeat(70_000)}`)],
  ])("%s", (_what, text) => expect(() => read(text)).toThrow(HeadError));
});

test("whatever it begins with, it is not whole", () => {
  const whole = ok("Content-Length: 5");
  for (let length = 0; length < whole.length; length++) expect(read(whole.slice(0, length))).toBeNull();
});
