import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Labels } from "../../access/policy/labels.ts";
import { log } from "../../log.ts";
import type { Upstream } from "../upstream.ts";
import { listLabels, MOST_OBJECTS, ObjectMetadata, requireOk } from "./list-labels.ts";
import { linesOf, readAsGateway } from "./read-as-gateway.ts";

/** meta.k8s.io/v1: what an object holds beside its metadata is not read. */
const WATCH = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const MOST_LINE_BYTES = 4 * 1024 * 1024;
/** The API server ends a watch then, and it is begun again where it ended. */
const WATCH_SECONDS = 240;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];
/** For so long what was known goes on while the cluster does not answer. */
const STALE_MS = 15_000;

const Event = z.object({
  type: z.enum(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]),
  object: z.object({ metadata: ObjectMetadata.partial().default({}) }),
});

export interface WatchedLabels {
  /** `/api/v1/nodes`. */
  path: string;
  /** For the log: `the nodes of prod`. */
  what: string;
  upstream(): Upstream;
  /** What is known now, by name; null: nothing. */
  onChange(labels: ReadonlyMap<string, Labels> | null): void;
}

/** Keeps the labels of all objects of a kind on a cluster, by list and watch. Returns what stops it. */
export function watchLabels(watched: WatchedLabels): () => void {
  const stopping = new AbortController();
  void keep(watched, stopping.signal);
  return () => stopping.abort();
}

async function keep(watched: WatchedLabels, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let failedSince = 0;
  while (!signal.aborted) {
    try {
      await listAndWatch(watched, signal, () => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) break;
      if (failures === 0) failedSince = performance.now();
      if (performance.now() - failedSince >= STALE_MS) watched.onChange(null);
      log.warn(
        { err: error },
        `${watched.what} could not be read; what goes by their labels is not allowed until they are`,
      );
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
      failures += 1;
      await delay(wait, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

async function listAndWatch(
  watched: WatchedLabels,
  signal: AbortSignal,
  onAnswer: () => void,
): Promise<void> {
  const { labels, resourceVersion } = await listLabels(watched.upstream(), { path: watched.path, signal });
  onAnswer();
  watched.onChange(new Map(labels));
  let from: string | null = resourceVersion;
  // Null: the API server forgot what came after it (410), and everything is listed again.
  while (from !== null && !signal.aborted) from = await follow(watched, { labels, from, signal, onAnswer });
}

interface Following {
  labels: Map<string, Labels>;
  from: string;
  signal: AbortSignal;
  onAnswer: () => void;
}

/** One watch, until it ends. Returns from where the next one goes on. */
async function follow(
  watched: WatchedLabels,
  { labels, from, signal, onAnswer }: Following,
): Promise<string | null> {
  const query = new URLSearchParams({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: from,
    timeoutSeconds: String(WATCH_SECONDS),
  });
  // A connection that says nothing any more ends a little after the API server would have ended it.
  const deadline = AbortSignal.any([signal, AbortSignal.timeout((WATCH_SECONDS + 30) * 1_000)]);
  const answer = await readAsGateway(watched.upstream(), {
    path: `${watched.path}?${query}`,
    accept: WATCH,
    signal: deadline,
  });
  if (answer.statusCode === 410) {
    answer.body.destroy();
    return null;
  }
  await requireOk(answer);
  onAnswer();
  let version = from;
  for await (const line of linesOf(answer.body, MOST_LINE_BYTES)) {
    if (line === "") continue;
    const { type, object } = Event.parse(JSON.parse(line));
    if (type === "ERROR") return null;
    const { name, resourceVersion, labels: set } = object.metadata;
    version = resourceVersion ?? version;
    if (type === "BOOKMARK" || name === undefined) continue;
    // Objects say something every few seconds; their labels hardly ever change.
    if (type !== "DELETED" && isSame(labels.get(name), set ?? {})) continue;
    if (type === "DELETED") labels.delete(name);
    else if (!labels.has(name) && labels.size >= MOST_OBJECTS)
      throw new Error(`there are more than ${MOST_OBJECTS} of them`);
    else labels.set(name, set ?? {});
    watched.onChange(new Map(labels));
  }
  return version;
}

function isSame(known: Labels | undefined, set: Labels): boolean {
  const keys = Object.keys(set);
  return (
    known !== undefined &&
    keys.length === Object.keys(known).length &&
    keys.every((key) => Object.hasOwn(known, key) && known[key] === set[key])
  );
}
