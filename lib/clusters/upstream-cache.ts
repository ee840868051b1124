import { processState } from "../process-state.ts";

interface Closable {
  close(): Promise<void>;
}

/** Those of one cluster, by the names of their transports. */
interface CachedUpstreams {
  revision: string;
  byTransport: Map<string, Closable>;
}

const upstreams = processState("clusters/upstreams", () => new Map<string, CachedUpstreams>());

/** The upstream of a cluster at a revision by a transport, made once. */
export function cachedUpstream<T extends Closable>(
  { id, revision }: { id: string; revision: string },
  { name }: { name: string },
  create: () => T,
): T {
  const known = upstreams.get(id);
  if (known?.revision === revision) {
    const upstream = (known.byTransport.get(name) as T | undefined) ?? create();
    known.byTransport.set(name, upstream);
    return upstream;
  }
  const upstream = create();
  upstreams.set(id, { revision, byTransport: new Map([[name, upstream]]) });
  if (known) closeAll(known);
  return upstream;
}

/** Closes those that are out of date; calls that are under way end first. */
export function closeUpstreams(isStale: (id: string, revision: string) => boolean): void {
  for (const [id, known] of upstreams) {
    if (!isStale(id, known.revision)) continue;
    upstreams.delete(id);
    closeAll(known);
  }
}

function closeAll({ byTransport }: CachedUpstreams): void {
  for (const upstream of byTransport.values()) void upstream.close();
}
