import { setTimeout } from "node:timers/promises";
import type { Api } from "../http/api.ts";
import { explain } from "../http/send.ts";
import { readServerSentEvents } from "../http/server-sent-events.ts";
import type { Failure } from "../program/failure.ts";
import type { AuditEntry } from "./surfaces.ts";

type Query = Record<string, string | number | undefined>;

interface Tail {
  api: Api;
  path: string;
  query: Query;
  /** The highest number that was seen. */
  afterNo: number;
  /** Told once where the connection is lost, and once where it is back. */
  tell: (line: string) => void;
}

interface News {
  lastNo: number;
  /** Newest first. */
  entries: AuditEntry[];
  /** There were more than fit. */
  more: boolean;
}

/** A server sends something every 15 s. */
const SILENT_MS = 45_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const PAGE = 1_000;

/**
 * What is recorded from now on, in order of its number, for ever: a stream that ends or breaks off is asked for again from the last number
 * on, so that nothing is missed and nothing comes twice.
 * @throws Failure for what waiting does not mend: another filter, a right that is gone.
 */
export async function* tailEntries({ api, path, query, afterNo, tell }: Tail): AsyncGenerator<AuditEntry[]> {
  let seen = afterNo;
  // Of what is read page by page: where that breaks off, it begins anew.
  const printed = new Set<number>();
  let wait = FIRST_WAIT_MS;
  let lost = false;
  for (;;) {
    try {
      const headers = { "Last-Event-ID": String(seen), Accept: "text/event-stream" };
      const stream = await api.stream(`${path}/live`, {
        query: { ...query, afterNo: seen },
        headers,
        silentMs: SILENT_MS,
      });
      if (lost) tell("Connected again.");
      lost = false;
      for await (const message of readServerSentEvents(stream)) {
        wait = FIRST_WAIT_MS;
        const news = JSON.parse(message) as News;
        const pages = news.more
          ? readMissed({ api, path, query, after: seen, upTo: news.lastNo })
          : [news.entries.toReversed()];
        for await (const page of pages) {
          const fresh = page.filter(({ no }) => !printed.has(no));
          for (const { no } of fresh) printed.add(no);
          yield fresh;
        }
        seen = news.lastNo;
        printed.clear();
      }
    } catch (thrown) {
      const error = explain(new URL(api.url), thrown as Error);
      if (!mayPass(error)) throw error;
      if (!lost) tell(`${error.message} Waiting for it.`);
      lost = true;
    }
    await setTimeout(lost ? wait : 0);
    wait = lost ? Math.min(wait * 2, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
  }
}

const mayPass = ({ reason }: Failure) => reason === "unreachable" || reason === "failed";

/** More came at once than a message holds: what lies between is read page by page. */
async function* readMissed({
  api,
  path,
  query,
  after,
  upTo,
}: {
  api: Api;
  path: string;
  query: Query;
  after: number;
  upTo: number;
}): AsyncGenerator<AuditEntry[]> {
  let cursor: string | undefined;
  do {
    const asked = { ...query, afterNo: after, order: "oldest", limit: PAGE, cursor };
    const page = await api.json<{ entries: AuditEntry[]; next: string | null }>(path, { query: asked });
    yield page.entries.filter(({ no }) => no <= upTo);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** The last entries, oldest first, and the number to go on from. */
export async function readLast(api: Api, path: string, query: Query, count: number) {
  const order = "newest";
  const { entries } = await api.json<{ entries: AuditEntry[] }>(path, {
    query: { ...query, limit: Math.max(count, 1), order },
  });
  const afterNo = entries.reduce((highest, { no }) => Math.max(highest, no), 0);
  return { entries: count === 0 ? [] : entries.toReversed(), afterNo };
}
