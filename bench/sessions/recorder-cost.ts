import { setTimeout as delay } from "node:timers/promises";
import { SessionRecorder } from "../../lib/recordings/recorder/session-recorder.ts";
import { testSession } from "../../lib/recordings/store/testing/recorded.ts";
import { SessionInspector } from "../../lib/wire/session-inspector.ts";
import { FRAMES_PER_SECOND, frameOf } from "./session-load.ts";

/** Takes everything at once, and keeps nothing. */
const NOWHERE = {
  begin: async () => undefined,
  append: async () => undefined,
  finish: async () => undefined,
  forget: () => undefined,
};

/**
 * What a chunk waits for in this process on its way, at 5 KB/s a session: milliseconds for each chunk, with and without a recording, in turn so
 * that both have the same machine.
 */
export async function measureRecorderCost(
  sessions: number,
  seconds: number,
): Promise<{ watched: number[]; recorded: number[] }> {
  const watched: number[] = [];
  const recorded: number[] = [];
  const pairs = Array.from({ length: sessions }, () => {
    const recorder = new SessionRecorder({ session: testSession({ tty: true }), store: NOWHERE });
    return { recorder, plain: inspector(), observed: inspector(recorder) };
  });
  let turn = 0;
  for (let tick = 0; tick < seconds * FRAMES_PER_SECOND; tick++) {
    for (const { recorder, plain, observed } of pairs) {
      const frame = frameOf(performance.now(), turn++);
      const started = performance.now();
      plain.fromServer(frame);
      const between = performance.now();
      observed.fromServer(frame);
      recorder.room();
      const ended = performance.now();
      watched.push(between - started);
      recorded.push(ended - between);
    }
    await delay(1000 / FRAMES_PER_SECOND);
  }
  await Promise.all(pairs.map(({ recorder }) => recorder.end(null)));
  return { watched, recorded };
}

function inspector(recorder?: SessionRecorder): SessionInspector {
  return new SessionInspector({
    subresource: "exec",
    protocol: { kind: "websocket", subprotocol: "v5.channel.k8s.io" },
    ...(recorder && { callbacks: { onStdout: (data: Buffer) => recorder.output("stdout", data) } }),
  });
}
