import { applyConfiguration } from "../apply/server-side-apply.ts";
import { isTrueParameter } from "../http/boolean-parameter.ts";
import { fieldManagerOf, type ResourceCall } from "../http/call.ts";
import { mediaTypeOf, parseText, readBody } from "../http/request-body.ts";
import { badRequest, unsupportedMediaType } from "../http/status-error.ts";
import { createObject } from "../objects/create-object.ts";
import { isDryRun } from "../objects/delete-object.ts";
import { type Fields, isFields } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import { updateObject } from "../objects/update-object.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMerge } from "../patch/strategic-merge.ts";
import { findObject, namespaceOf } from "./find-object.ts";
import { sendObject } from "./present.ts";
import { fromStorage, storageResource, toStorage } from "./version.ts";
import { checkKind, checkScope, checkTypes, expectedKind, validateFields } from "./write.ts";

const json = "application/json-patch+json";
const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const apply = "application/apply-patch+yaml";

function acceptedPatchTypes(call: ResourceCall): string[] {
  return call.resource.typeName === undefined ? [json, merge, apply] : [json, merge, strategic, apply];
}

export async function handlePatch(call: ResourceCall): Promise<void> {
  const type = mediaTypeOf(call.req);
  if (!acceptedPatchTypes(call).includes(type)) throw unsupportedMediaType(acceptedPatchTypes(call));
  const body = await readBody(call.req);
  const patch = parseText(body.toString("utf8"), type === apply);
  if (type === apply) return applyPatch(call, patch);
  const before = findObject(call);
  const current = fromStorage(call.resource, before);
  const patched = applyPatchTo(call, type, current, patch);
  writePatched(call, before, patched);
}

/** The object after a JSON, merge or strategic merge patch. */
export function applyPatchTo(call: ResourceCall, type: string, current: Fields, patch: unknown): Fields {
  if (type === json) return jsonPatch(current, patch) as Fields;
  if (!isFields(patch))
    throw badRequest(
      "error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}",
    );
  if (type === merge) return mergePatch(current, patch) as Fields;
  return strategicMerge(current, patch, call.resource.typeName);
}

function writePatched(call: ResourceCall, before: KubeObject, patched: Fields): void {
  const { resource, services, query, info } = call;
  checkKind(patched, expectedKind(resource));
  checkTypes(call, patched);
  validateFields(call, patched);
  checkScope(call, patched);
  const updated = updateObject({
    cluster: services.cluster,
    resource: storageResource(services.cluster, resource),
    before,
    after: toStorage(resource, patched as KubeObject),
    manager: fieldManagerOf(call),
    subresource: info.subresource || undefined,
    dryRun: isDryRun(undefined, query),
  });
  sendObject(call, 200, updated);
}

function applyPatch(call: ResourceCall, patch: unknown): void {
  const { resource, services, query, info } = call;
  const { cluster } = services;
  if (!isFields(patch)) throw badRequest("error decoding YAML: the body is not an object");
  const manager = query.get("fieldManager") ?? "";
  if (manager === "") {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  checkKind(patch, expectedKind(resource));
  if (Array.isArray((patch.metadata as Fields | undefined)?.managedFields)) {
    throw badRequest("metadata.managedFields must be nil");
  }
  checkTypes(call, patch);
  validateFields(call, patch);
  checkScope(call, patch);
  const live = cluster.store.get(resource.storage, namespaceOf(call), info.name);
  const stored = storageResource(cluster, resource);
  const applied = applyConfiguration({
    resource: stored,
    live,
    applied: toStorage(resource, patch as KubeObject),
    manager,
    force: isTrueParameter(query, "force"),
    subresource: info.subresource || undefined,
    now: formatTime(cluster.now()),
  });
  const common = { cluster, resource: stored, manager, managed: true, dryRun: isDryRun(undefined, query) };
  if (live === undefined) {
    sendObject(call, 201, createObject({ ...common, object: applied }));
    return;
  }
  const subresource = info.subresource || undefined;
  sendObject(call, 200, updateObject({ ...common, before: live, after: applied, subresource }));
}
