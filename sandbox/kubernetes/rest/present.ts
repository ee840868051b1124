import type { ResourceCall } from "../http/call.ts";
import { negotiate, type Presentation } from "../http/media-type.ts";
import { encodeObject, sendBody, sendJson } from "../http/respond.ts";
import { badRequest } from "../http/status-error.ts";
import type { Fields } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { apiVersionOf } from "../registry/resource.ts";
import { columnDefinitions, makeTable, tableRow } from "../table/make-table.ts";
import { fromStorage } from "./version.ts";

export function presentationOf(call: ResourceCall): Presentation {
  return negotiate(call.req.headers.accept);
}

export function partialMetadata(object: KubeObject, version: string): Fields {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

/** How much of each object a Table's rows carry: `includeObject`. */
export function includedObject(call: ResourceCall): "None" | "Metadata" | "Object" {
  const wanted = call.query.get("includeObject") ?? "Metadata";
  if (wanted === "" || wanted === "Metadata") return "Metadata";
  if (wanted === "None" || wanted === "Object") return wanted;
  throw badRequest(`unrecognized includeObject value: "${wanted}"`);
}

/** Answers with one object, in the form the client asked for. */
export function sendObject(call: ResourceCall, code: number, stored: KubeObject): void {
  const { req, res, resource } = call;
  const object = fromStorage(resource, stored);
  const presentation = presentationOf(call);
  if (presentation.as === "object") {
    if (object === stored && !call.query.has("pretty")) {
      sendBody(req, res, code, "application/json", encodeObject(stored));
      return;
    }
    sendJson(req, res, code, object);
    return;
  }
  if (presentation.as === "PartialObjectMetadata") {
    sendJson(req, res, code, partialMetadata(object, presentation.version));
    return;
  }
  const input = { call, objects: [object], version: presentation.version, include: includedObject(call) };
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  sendJson(req, res, code, makeTable({ ...input, metadata }));
}

/** The object of a watch event, in the form the client asked for. `first` carries a Table's columns. */
export function presentEvent(
  call: ResourceCall,
  stored: KubeObject,
  form: Presentation,
  first: boolean,
): unknown {
  const object = fromStorage(call.resource, stored);
  if (form.as === "object") return object;
  if (form.as === "PartialObjectMetadata") return partialMetadata(object, form.version);
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${form.version}`,
    metadata: { resourceVersion: object.metadata.resourceVersion },
    columnDefinitions: first ? columnDefinitions(call.resource) : null,
    rows: [tableRow(call, object, form.version, includedObject(call))],
  };
}

export function listKind(call: ResourceCall): { kind: string; apiVersion: string } {
  return { kind: `${call.resource.kind}List`, apiVersion: apiVersionOf(call.resource) };
}
