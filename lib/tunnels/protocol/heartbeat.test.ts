import http2, { type ClientHttp2Session, type Http2Session, performServerHandshake } from "node:http2";
import { duplexPair } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { AGENT_SESSION, HUB_SESSION, keepHeartbeat, MOST_UNANSWERED } from "./http2.ts";

/** Three of them are more than a busy machine takes to give this process its turn. */
const BEAT = { everyMs: 100 };
const sessions: Http2Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
});

/** Both ends of a tunnel, with a stream that stays open; and what holds the bytes back. */
async function tunnel() {
  const [near, far] = duplexPair();
  const agent = performServerHandshake(far, AGENT_SESSION);
  agent.on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.respond({ ":status": 200 });
    stream.pipe(stream);
  });
  const hub: ClientHttp2Session = http2.connect("http://agent", {
    ...HUB_SESSION,
    createConnection: () => near,
  });
  const stream = hub.request(
    { ":method": "CONNECT", ":authority": "kube-apiserver:443" },
    { endStream: false },
  );
  for (const each of [agent, hub, stream]) each.on("error", () => undefined);
  await new Promise((resolve) => stream.once("response", resolve));
  sessions.push(agent, hub);
  return { agent, hub, stream, near, far };
}

test.each(["agent", "hub"] as const)(
  "a session that the %s has asked to end goes on as long as its streams",
  async (who) => {
    const { agent, hub, stream, ...ends } = await tunnel();
    void ends;
    for (const session of [agent, hub]) keepHeartbeat(session, BEAT);
    (who === "agent" ? agent : hub).close();
    // Longer than it takes to be taken for gone.
    await wait(BEAT.everyMs * (MOST_UNANSWERED + 1) * 3);
    stream.write("still here");
    expect(String(await new Promise((resolve) => stream.once("data", resolve)))).toBe("still here");
    const closed = new Promise((resolve) => hub.once("close", resolve));
    stream.end();
    await closed;
  },
);

test.each([false, true])("an end that answers nothing is gone, also while draining: %s", async (draining) => {
  const { agent, hub, stream, far } = await tunnel();
  keepHeartbeat(hub, BEAT);
  if (draining) {
    agent.close();
    await new Promise((resolve) => hub.once("goaway", resolve));
  }
  const closed = new Promise((resolve) => stream.once("close", resolve));
  // Its process stands still: nothing is read any more, and nothing said.
  far.pause();
  far.write = () => true;
  far.read = () => null;
  await closed;
  expect(hub.destroyed).toBe(true);
});
