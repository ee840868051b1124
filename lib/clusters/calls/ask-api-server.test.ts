import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readAnswerText } from "../answer-text.ts";
import { askApiServer, type Question } from "./ask-api-server.ts";
import { answer, type ScriptedApiServer, startScriptedApiServer } from "./testing/scripted-api-server.ts";

const SOON = { timeout: 20_000, interval: 5 };

let api: ScriptedApiServer;

beforeAll(async () => {
  api = await startScriptedApiServer("https");
});
afterEach(() => api.renew());
afterAll(() => api.close());

const ask = (question: Partial<Question> = {}) =>
  askApiServer(
    { calls: api.upstream.calls, basePath: "/clusters/a" },
    { method: "GET", path: "/version", headers: [], signal: AbortSignal.timeout(30_000), ...question },
  );
const isClosed = () => expect.poll(() => api.connections[0]?.isClosed, SOON).toBe(true);

test("a question goes below the base path, with its body", async () => {
  api.onHead = ({ socket }) => socket.write(answer("ok", "X-A: b\r\n"));
  const { statusCode, headers, body } = await ask({ method: "POST", body: "{}", headers: ["Accept", "a/b"] });
  expect([statusCode, headers["x-a"], await readAnswerText(body, 100)]).toEqual([200, "b", "ok"]);
  expect(api.connections[0]?.received).toMatch(
    /^POST \/clusters\/a\/version HTTP\/1.1\r\n[\s\S]*Accept: a\/b\r\nContent-Length: 2\r\n\r\n\{\}$/,
  );
});

test("questions one after the other go by one connection", async () => {
  api.onHead = ({ socket }) => socket.write(answer("ok"));
  for (let count = 0; count < 3; count++) await readAnswerText((await ask()).body, 100);
  expect(api.connections).toHaveLength(1);
});

test("who waits no longer is told why, before the answer and amid it, and the connection is closed", async () => {
  const leaving = new AbortController();
  api.onHead = () => leaving.abort(new Error("nobody waits"));
  await expect(ask({ signal: leaving.signal })).rejects.toThrow("nobody waits");
  await isClosed();
  await expect(ask({ signal: leaving.signal })).rejects.toThrow("nobody waits");
  api.connections.splice(0);

  const late = new AbortController();
  api.onHead = ({ socket }) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  const { body } = await ask({ signal: late.signal });
  late.abort(new Error("no more"));
  await expect(readAnswerText(body, 100)).rejects.toThrow("no more");
  await isClosed();
});

test("an answer that breaks off is an error for its reader, and for nobody where it is not read", async () => {
  api.onHead = ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
  await expect(readAnswerText((await ask()).body, 100)).rejects.toMatchObject({
    code: "ERR_ANSWER_INCOMPLETE",
  });
  const { body } = await ask();
  await expect.poll(() => body.destroyed, SOON).toBe(true);
});

test("a body that is destroyed, or longer than its reader takes, closes the connection", async () => {
  api.onHead = ({ socket }) =>
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n${"x".repeat(150)}`);
  (await ask()).body.destroy();
  await isClosed();
  api.connections.splice(0);
  await expect(readAnswerText((await ask()).body, 100)).rejects.toThrow("longer than 100 bytes");
  await isClosed();
});

test("where nobody answers, the question fails as a call does", async () => {
  api.onHead = ({ socket }) => socket.destroy();
  await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
});
