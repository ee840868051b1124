import { processState } from "../process-state.ts";

interface Closable {
  close(): Promise<void>;
}

const upstreams = processState(
  "clusters/upstreams",
  () => new Map<string, { revision: string; upstream: Closable }>(),
);

/** The upstream of a cluster at a revision, made once. */
export function cachedUpstream<T extends Closable>(id: string, revision: string, create: () => T): T {
  const known = upstreams.get(id);
  if (known?.revision === revision) return known.upstream as T;
  const upstream = create();
  upstreams.set(id, { revision, upstream });
  if (known) void known.upstream.close();
  return upstream;
}

/** Closes those that are out of date; calls that are under way end first. */
export function closeUpstreams(isStale: (id: string, revision: string) => boolean): void {
  for (const [id, { revision, upstream }] of upstreams) {
    if (!isStale(id, revision)) continue;
    upstreams.delete(id);
    void upstream.close();
  }
}
