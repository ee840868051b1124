import { fieldManagerOf, type ResourceCall } from "../http/call.ts";
import { decodeObject, mediaTypeOf, parseText, readBody } from "../http/request-body.ts";
import { sendJson } from "../http/respond.ts";
import { badRequest } from "../http/status-error.ts";
import { isDryRun } from "../objects/delete-object.ts";
import { at, compact, type Fields, fieldsOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { updateObject } from "../objects/update-object.ts";
import { findObject } from "../rest/find-object.ts";
import { applyPatchTo } from "../rest/patch.ts";
import { storageResource } from "../rest/version.ts";
import { formatLabelSelector } from "../selectors/label-selector.ts";

function scaleOf(object: KubeObject): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = at(object, "spec", "selector");
  const plain = at(selector, "matchLabels") === undefined && at(selector, "matchExpressions") === undefined;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberOf(at(object, "spec", "replicas")) },
    status: compact({
      replicas: numberOf(at(object, "status", "replicas")),
      selector: formatLabelSelector(plain ? { matchLabels: selector } : selector),
    }),
  };
}

async function readScale(call: ResourceCall, current: Fields): Promise<Fields> {
  const body = await readBody(call.req);
  if (call.info.verb === "update") return decodeObject(body, mediaTypeOf(call.req));
  const type = mediaTypeOf(call.req);
  const patch = parseText(body.toString("utf8"), type === "application/apply-patch+yaml");
  return applyPatchTo(
    call,
    type === "application/apply-patch+yaml" ? "application/merge-patch+json" : type,
    current,
    patch,
  );
}

/** The `scale` subresource: the replicas alone, of whatever kind. */
export async function handleScale(call: ResourceCall): Promise<void> {
  const { req, res, services, resource, query } = call;
  const object = findObject(call);
  if (call.info.verb === "get") return sendJson(req, res, 200, scaleOf(object));
  const scale = await readScale(call, scaleOf(object));
  const replicas = fieldsOf(scale.spec).replicas ?? 0;
  if (typeof replicas !== "number") throw badRequest("spec.replicas must be a number");
  const wanted = textOf(at(scale, "metadata", "resourceVersion"));
  const updated = updateObject({
    cluster: services.cluster,
    resource: storageResource(services.cluster, resource),
    before: object,
    after: {
      ...object,
      metadata: { ...object.metadata, resourceVersion: wanted },
      spec: { ...fieldsOf(object.spec), replicas },
    },
    manager: fieldManagerOf(call),
    subresource: "scale",
    dryRun: isDryRun(undefined, query),
  });
  sendJson(req, res, 200, scaleOf(updated));
}
