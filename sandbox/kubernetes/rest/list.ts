import type { ResourceCall } from "../http/call.ts";
import { sendJson } from "../http/respond.ts";
import { badRequest, expired, StatusError } from "../http/status-error.ts";
import { compact, type Fields, isFields } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { parseFieldSelector } from "../selectors/field-selector.ts";
import { parseLabelSelector } from "../selectors/label-selector.ts";
import type { Snapshot } from "../storage/list-snapshots.ts";
import { makeTable } from "../table/make-table.ts";
import { namespaceOf } from "./find-object.ts";
import { includedObject, listKind, partialMetadata, presentationOf } from "./present.ts";
import { fromStorage } from "./version.ts";

export type Filter = (object: KubeObject) => boolean;

/** The label and field selectors of a list, watch or deletecollection. */
export function filterOf({ query, resource }: ResourceCall): Filter {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(resource, query.get("fieldSelector") ?? "");
  return (object) => (labels?.(object.metadata.labels) ?? true) && (fields?.(object) ?? true);
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

type Continue = { resourceVersion: number; after: string };

function readContinue(token: string): Continue {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (isFields(value) && typeof value.rv === "number" && typeof value.start === "string") {
      return { resourceVersion: value.rv, after: value.start };
    }
  } catch {
    // Refused below, like any token this server did not give out.
  }
  throw badRequest("continue key is not valid: encoded continue token is not recognised");
}

function writeContinue({ resourceVersion, after }: Continue): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: resourceVersion, start: after })).toString(
    "base64url",
  );
}

export function readResourceVersion(query: URLSearchParams): number | undefined {
  const text = query.get("resourceVersion") ?? "";
  if (text === "") return undefined;
  if (!/^\d+$/.test(text))
    throw badRequest(
      `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  return Number(text);
}

function tooLargeResourceVersion(wanted: number, current: number): StatusError {
  return new StatusError({
    code: 504,
    reason: "Timeout",
    message: `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}

function snapshotOf(call: ResourceCall, token: Continue | undefined): Snapshot {
  const { store, snapshots } = call.services.cluster;
  const namespace = namespaceOf(call);
  if (token === undefined) {
    const wanted = readResourceVersion(call.query);
    if (wanted !== undefined && wanted > store.resourceVersion) {
      throw tooLargeResourceVersion(wanted, store.resourceVersion);
    }
    return { resourceVersion: store.resourceVersion, objects: store.list(call.resource.storage, namespace) };
  }
  const snapshot = snapshots.find(`${call.resource.storage}|${namespace}`, token.resourceVersion);
  if (snapshot === undefined) {
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
    );
  }
  return snapshot;
}

/** Answers a list: whole, in chunks by `limit` and `continue`, as Table or as metadata. */
export function handleList(call: ResourceCall): void {
  const { query, resource, services } = call;
  const matches = filterOf(call);
  const text = query.get("continue") ?? "";
  const token = text === "" ? undefined : readContinue(text);
  const snapshot = snapshotOf(call, token);
  const all = snapshot.objects.filter(
    (object) => (token === undefined || keyOf(object) > token.after) && matches(object),
  );
  const limit = Number(query.get("limit") ?? 0);
  const page = limit > 0 ? all.slice(0, limit) : all;
  const last = page.at(-1);
  const metadata: Fields = { resourceVersion: String(snapshot.resourceVersion) };
  if (last !== undefined && page.length < all.length) {
    services.cluster.snapshots.keep(`${resource.storage}|${namespaceOf(call)}`, snapshot);
    metadata.continue = writeContinue({ resourceVersion: snapshot.resourceVersion, after: keyOf(last) });
    if (!query.get("labelSelector") && !query.get("fieldSelector"))
      metadata.remainingItemCount = all.length - page.length;
  }
  sendList(
    call,
    page.map((object) => fromStorage(resource, object)),
    metadata,
  );
}

/** A list's items carry no kind and version of their own, except custom resources. */
function listItem(call: ResourceCall, object: KubeObject): unknown {
  if (call.resource.typeName === undefined) return object;
  const { kind: _kind, apiVersion: _apiVersion, ...item } = object;
  return item;
}

export function sendList(call: ResourceCall, objects: KubeObject[], metadata: Fields): void {
  const { req, res } = call;
  const form = presentationOf(call);
  if (form.as === "Table") {
    const include = includedObject(call);
    sendJson(req, res, 200, makeTable({ call, objects, version: form.version, include, metadata }));
    return;
  }
  if (form.as === "PartialObjectMetadata") {
    const items = objects.map((object) => partialMetadata(object, form.version));
    const apiVersion = `meta.k8s.io/${form.version}`;
    sendJson(req, res, 200, { kind: "PartialObjectMetadataList", apiVersion, metadata, items });
    return;
  }
  const items = objects.map((object) => listItem(call, object));
  sendJson(req, res, 200, { ...listKind(call), metadata: compact(metadata), items });
}
