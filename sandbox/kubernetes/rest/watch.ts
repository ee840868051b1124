import { isTrueParameter } from "../http/boolean-parameter.ts";
import type { ResourceCall } from "../http/call.ts";
import { negotiate, type Presentation } from "../http/media-type.ts";
import { setFlowHeaders } from "../http/respond.ts";
import { expired, invalid } from "../http/status-error.ts";
import type { KubeObject } from "../objects/object.ts";
import { apiVersionOf } from "../registry/resource.ts";
import type { StoreEvent } from "../storage/store.ts";
import { namespaceOf } from "./find-object.ts";
import { type Filter, filterOf, readResourceVersion } from "./list.ts";
import { presentEvent } from "./present.ts";

const bookmarkInterval = 60_000;
/** kube-apiserver ends watches after a random time between 30 and 60 minutes. */
const shortestWatch = 30 * 60_000;

type Sent = { type: string; object: unknown };

/** What a change is to a watcher whose selector the object may have come to match or ceased to. */
function visibleEvent(
  event: StoreEvent,
  matches: Filter,
): { type: StoreEvent["type"]; object: KubeObject } | undefined {
  const now = event.type !== "DELETED" && matches(event.object);
  const before = event.previous !== undefined && matches(event.previous);
  if (now) return { type: before ? "MODIFIED" : "ADDED", object: event.object };
  return before ? { type: "DELETED", object: event.object } : undefined;
}

class Watcher {
  #call: ResourceCall;
  #form: Presentation;
  #matches: Filter;
  #first = true;
  #sentVersion = 0;

  constructor(call: ResourceCall) {
    this.#call = call;
    this.#form = negotiate(call.req.headers.accept);
    const namespace = namespaceOf(call);
    const selected = filterOf(call);
    this.#matches = (object) =>
      (namespace === "" || object.metadata.namespace === namespace) && selected(object);
  }

  write(sent: Sent): void {
    this.#call.res.write(`${JSON.stringify(sent)}\n`);
  }

  sendEvent(event: StoreEvent): void {
    const visible = visibleEvent(event, this.#matches);
    this.#sentVersion = event.resourceVersion;
    if (visible !== undefined) this.#send(visible.type, visible.object);
  }

  sendState(objects: readonly KubeObject[]): void {
    for (const object of objects) if (this.#matches(object)) this.#send("ADDED", object);
  }

  #send(type: string, object: KubeObject): void {
    this.write({ type, object: presentEvent(this.#call, object, this.#form, this.#first) });
    this.#first = false;
  }

  sendBookmark(resourceVersion: number, endOfInitialEvents = false): void {
    const { resource } = this.#call;
    const annotations = endOfInitialEvents ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
    const metadata = {
      name: "",
      uid: "",
      resourceVersion: String(Math.max(resourceVersion, this.#sentVersion)),
      creationTimestamp: null as unknown as string,
      ...annotations,
    };
    const bookmark: KubeObject = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
    this.#send("BOOKMARK", bookmark);
  }
}

function initialEvents(call: ResourceCall): boolean {
  const wanted = isTrueParameter(call.query, "sendInitialEvents");
  if (wanted && call.query.get("resourceVersionMatch") !== "NotOlderThan") {
    const message = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
    throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", [
      { field: "resourceVersionMatch", reason: "FieldValueForbidden", message },
    ]);
  }
  return wanted;
}

/** Streams the changes of a collection, one JSON object a line, until the client or the server leaves. */
export function handleWatch(call: ResourceCall): void {
  const { query, res, req, resource, services } = call;
  const { store } = services.cluster;
  const since = readResourceVersion(query);
  const withInitialEvents = initialEvents(call);
  const watcher = new Watcher(call);
  setFlowHeaders(res);
  res.setHeader("Content-Type", "application/json");
  res.statusCode = 200;
  res.flushHeaders();

  const fromState = since === undefined || since === 0 || withInitialEvents;
  const bookmarks = isTrueParameter(query, "allowWatchBookmarks");
  // Where it is left out, a watch from no version or from 0 begins with the state all the same.
  if (fromState && (withInitialEvents || !query.has("sendInitialEvents"))) {
    watcher.sendState(store.list(resource.storage));
    if (withInitialEvents) watcher.sendBookmark(store.resourceVersion, true);
  } else if (!fromState) {
    const missed = store.eventsSince(resource.storage, since);
    if (missed === undefined) {
      const message = `too old resource version: ${since} (${store.resourceVersion})`;
      watcher.write({ type: "ERROR", object: expired(message).toStatus() });
      res.end();
      return;
    }
    for (const event of missed) watcher.sendEvent(event);
  }
  const unsubscribe = store.subscribe(resource.storage, (event) => watcher.sendEvent(event));
  const bookmarkTimer = bookmarks
    ? setInterval(() => watcher.sendBookmark(store.resourceVersion), bookmarkInterval).unref()
    : undefined;
  const asked = Number(query.get("timeoutSeconds") ?? 0) * 1000;
  const timeout = asked > 0 ? asked : shortestWatch * (1 + Math.random());
  const stop = () => {
    unsubscribe();
    clearInterval(bookmarkTimer);
    clearTimeout(endTimer);
    services.closing.removeEventListener("abort", stop);
    res.end();
  };
  const endTimer = setTimeout(() => {
    if (bookmarks) watcher.sendBookmark(store.resourceVersion);
    stop();
  }, timeout).unref();
  services.closing.addEventListener("abort", stop);
  req.socket.once("close", stop);
  res.once("close", () => req.socket.off("close", stop));
  res.once("close", stop);
}
