import { createServer, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { freePort } from "../../../../test/free-ports.ts";
import { LiveFeed, type LiveState, type News } from "./live-feed.ts";

const Row = z.object({ no: z.number() });
type Row = z.infer<typeof Row>;

/** A record that grows, as the list and its stream tell of it. */
class Gateway {
  lastNo = 10;
  asked = 0;
  refusing = false;
  readonly streams = new Set<ServerResponse>();
  private server: Server | null = null;
  port = 0;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://gateway");
      const afterNo = Number(searchParams.get("afterNo"));
      const entries = Array.from({ length: this.lastNo - afterNo }, (_, at) => ({ no: this.lastNo - at }));
      if (this.refusing) {
        this.asked += 1;
        response.writeHead(403, { "Content-Type": "application/json" });
        return void response.end(
          JSON.stringify({ code: "permission_denied", message: "Not yours any more." }),
        );
      }
      if (!pathname.endsWith("/live")) {
        this.asked += 1;
        response.setHeader("Content-Type", "application/json");
        return void response.end(JSON.stringify({ entries, next: null }));
      }
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(": listening\n\n");
      this.streams.add(response);
      response.on("close", () => this.streams.delete(response));
      if (entries.length > 0) this.tell(response, entries);
    });
    this.port ||= await freePort();
    await new Promise<void>((resolve) => this.server!.listen(this.port, "127.0.0.1", resolve));
  }

  commit(): void {
    this.lastNo += 1;
    for (const stream of this.streams) this.tell(stream, [{ no: this.lastNo }]);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private tell(response: ServerResponse, entries: Row[]): void {
    const data = JSON.stringify({ lastNo: this.lastNo, entries, more: false });
    // In two pieces, as a network may cut it.
    response.write(`id: ${this.lastNo}\nevent: comm`);
    response.write(`itted\ndata: ${data}\n\n`);
  }
}

let gateway: Gateway;
const feeds: LiveFeed<Row>[] = [];
beforeEach(async () => {
  gateway = new Gateway();
  await gateway.start();
});
afterEach(async () => {
  for (const feed of feeds.splice(0)) feed.close();
  await gateway.stop();
});

/** One tab's feed, with what it was told. */
function openTab() {
  const seen: number[] = [];
  const states: LiveState[] = [];
  const problems: string[] = [];
  const feed = new LiveFeed<Row>({
    endpoint: `http://127.0.0.1:${gateway.port}/list`,
    question: "from=now-1h",
    afterNo: 10,
    rowSchema: Row,
    lostAfterMs: 2_000,
    onNews: ({ entries }: News<Row>) => seen.push(...entries.map(({ no }) => no)),
    onState: (state, problem) => {
      if (states.at(-1) !== state) states.push(state);
      if (problem) problems.push(problem);
    },
  });
  feeds.push(feed);
  return { feed, seen, states, problems };
}

const soon = { timeout: 15_000, interval: 10 };

test("of seven tabs one holds a stream, and all of them see what is committed", async () => {
  const tabs = Array.from({ length: 7 }, openTab);
  await vi.waitFor(
    () => expect(tabs.map(({ states }) => states.at(-1))).toEqual(Array(7).fill("listening")),
    soon,
  );
  expect(gateway.streams.size).toBe(1);
  gateway.commit();
  await vi.waitFor(() => expect(tabs.map(({ seen }) => seen)).toEqual(Array(7).fill([11])), soon);
  expect(gateway.streams.size).toBe(1);
});

test("when the tab with the stream is closed, another takes it", async () => {
  const first = openTab();
  await vi.waitFor(() => expect(gateway.streams.size).toBe(1), soon);
  const second = openTab();
  await vi.waitFor(() => expect(second.states.at(-1)).toBe("listening"), soon);
  first.feed.close();
  await vi.waitFor(() => expect(first.seen.length + gateway.streams.size).toBe(1), soon);
  const asked = gateway.asked;
  gateway.commit();
  await vi.waitFor(() => expect(second.seen).toEqual([11]), soon);
  expect(gateway.asked).toBe(asked);
});

test("a gateway that went away is stale, then lost, and all that came meanwhile shows when it is back", async () => {
  const tab = openTab();
  await vi.waitFor(() => expect(tab.states).toEqual(["connecting", "listening"]), soon);
  await gateway.stop();
  await vi.waitFor(() => expect(tab.states.at(-1)).toBe("lost"), soon);
  gateway.lastNo = 13;
  await gateway.start();
  await vi.waitFor(() => expect(tab.seen).toEqual([13, 12, 11]), soon);
  expect(tab.states).toEqual(["connecting", "listening", "stale", "lost", "listening"]);
});

test("a gateway that refuses is not asked again, and says why", async () => {
  gateway.refusing = true;
  const tab = openTab();
  await vi.waitFor(() => expect(tab.states).toEqual(["connecting", "refused"]), soon);
  expect(tab.problems).toEqual(["Not yours any more."]);
  expect(gateway.asked).toBe(1);
});
