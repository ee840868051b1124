import { describe, expect, test } from "vitest";
import { readRequestHead } from "./request-head.ts";
import { readResponseHead } from "./response-head.ts";
import { writeRequestHead, writeResponseHead } from "./write-head.ts";

test("heads, as they are read again", () => {
  const request = writeRequestHead("GET", "/api?x=1", [
    "Host",
    "cluster",
    "X-Name",
    "zo\u00eb",
    "X-Empty",
    "",
  ]);
  expect(request).toBe("GET /api?x=1 HTTP/1.1\r\nHost: cluster\r\nX-Name: zo\u00eb\r\nX-Empty: \r\n\r\n");
  expect(readRequestHead(Buffer.from(request, "latin1"), 0)).toMatchObject({
    url: "/api?x=1",
    end: request.length,
  });
  const answer = writeResponseHead(404, "Not Found", ["Content-Length", "0"]);
  expect(answer).toBe("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  expect(readResponseHead(Buffer.from(answer, "latin1"), 0, { method: "GET" })).toMatchObject({ body: 0 });
});

describe("what would be another head is not written", () => {
  test.each([
    ["a method with a blank", "GET /x", "/", []],
    ["no method", "", "/", []],
    ["a target with a blank", "GET", "/ HTTP/1.1\r\nX: ", []],
    ["a target with CR and LF", "GET", "/\r\nX:", []],
    ["a target beyond ASCII", "GET", "/\u00e9", []],
    ["no target", "GET", "", []],
    ["a name with a colon", "GET", "/", ["X:", "a"]],
    ["a name with a blank", "GET", "/", ["X ", "a"]],
    ["no name", "GET", "/", ["", "a"]],
    ["a name without a value", "GET", "/", ["X"]],
    ["a value with CR and LF", "GET", "/", ["X", "a\r\nY: b"]],
    ["a value with LF", "GET", "/", ["X", "a\nY: b"]],
    ["a value with NUL", "GET", "/", ["X", "a\0"]],
    // Of U+010A and U+010D Latin-1 would keep the lower byte: LF and CR.
    ["a value beyond Latin-1", "GET", "/", ["X", "a\u010d\u010aY: b"]],
    ["two lengths", "GET", "/", ["Content-Length", "1", "content-length", "1"]],
    ["a length beside chunked", "GET", "/", ["Content-Length", "1", "Transfer-Encoding", "chunked"]],
  ])("%s", (_what, method, target, headers) =>
    expect(() => writeRequestHead(method, target, headers)).toThrow(TypeError),
  );

  test("a status that is none, a reason with CR and LF", () => {
    expect(() => writeResponseHead(99, "", [])).toThrow(TypeError);
    expect(() => writeResponseHead(200.5, "", [])).toThrow(TypeError);
    expect(() => writeResponseHead(200, "OK\r\nX: a", [])).toThrow(TypeError);
  });

  test("and the refusal says nothing of it", () => {
    expect(() => writeRequestHead("GET", "/", ["Authorization", "Bearer secret\n"])).toThrow(/^(?!.*secret)/);
  });
});
