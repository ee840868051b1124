import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";

const OPENED_AT_ONCE = 20;

export interface OpenWatches {
  events(): number;
  close(): Promise<void>;
}

/** Opens watches, each on a connection of its own as kubectl's are; resolves when each has had its first event. */
export async function openWatches(
  count: number,
  { url, token, ca }: { url: string; token?: string; ca: string },
): Promise<OpenWatches> {
  const secure = url.startsWith("https:");
  const agent = secure ? new https.Agent({ keepAlive: false, ca }) : new http.Agent({ keepAlive: false });
  const answers: IncomingMessage[] = [];
  let events = 0;
  const open = async () => {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const request = (secure ? https : http).get(url, { agent, headers });
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new Error(`a watch got ${answer.statusCode}`);
    answer.on("data", () => (events += 1));
    answer.on("error", () => undefined);
    answers.push(answer);
    await once(answer, "data");
  };
  while (answers.length < count)
    await Promise.all(Array.from({ length: Math.min(OPENED_AT_ONCE, count - answers.length) }, open));
  return {
    events: () => events,
    async close() {
      const closed = Promise.all(answers.map((answer) => once(answer, "close")));
      for (const answer of answers) answer.destroy();
      await closed;
    },
  };
}
