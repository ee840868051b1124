import { findSubresource } from "../registry/resource.ts";
import { handleCreate } from "../rest/create.ts";
import { handleDelete, handleDeleteCollection } from "../rest/delete.ts";
import { findObject } from "../rest/find-object.ts";
import { handleList } from "../rest/list.ts";
import { handlePatch } from "../rest/patch.ts";
import { sendObject } from "../rest/present.ts";
import { handleUpdate } from "../rest/update.ts";
import { handleWatch } from "../rest/watch.ts";
import { handleReview } from "../reviews/handle-review.ts";
import { handleEviction } from "../subresources/eviction.ts";
import { handleLog } from "../subresources/log.ts";
import { handleMetrics } from "../subresources/metrics.ts";
import { handleProxy } from "../subresources/proxy.ts";
import { handleScale } from "../subresources/scale.ts";
import { handleTokenRequest } from "../subresources/service-account-token.ts";
import type { Call, ResourceCall } from "./call.ts";
import { setFlowHeaders } from "./respond.ts";
import { badRequest, methodNotAllowed, noSuchResource } from "./status-error.ts";

type Handler = (call: ResourceCall) => void | Promise<void>;

function handleGet(call: ResourceCall): void {
  sendObject(call, 200, findObject(call));
}

const byVerb: Record<string, Handler> = {
  get: handleGet,
  list: handleList,
  watch: handleWatch,
  create: handleCreate,
  update: handleUpdate,
  patch: handlePatch,
  delete: handleDelete,
  deletecollection: handleDeleteCollection,
};

function needUpgrade(): void {
  throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
}

const bySubresource: Record<string, Handler> = {
  scale: handleScale,
  eviction: handleEviction,
  token: handleTokenRequest,
  log: handleLog,
  proxy: handleProxy,
  exec: needUpgrade,
  attach: needUpgrade,
  portforward: () => {
    throw badRequest("unable to upgrade: missing upgrade headers in request");
  },
};

const storedSubresources = new Set(["status", "ephemeralcontainers", "resize", "approval", "finalize"]);

/** The handler of a subresource: one of its own, or that of the verb where it is a view of the object. */
function subresourceHandler(call: ResourceCall): Handler {
  const { resource, info } = call;
  const subresource = findSubresource(resource, info.subresource);
  if (subresource === undefined) throw noSuchResource();
  if (!subresource.verbs.includes(info.verb)) throw methodNotAllowed();
  const own = bySubresource[subresource.name];
  const stored = storedSubresources.has(subresource.name) ? byVerb[info.verb] : undefined;
  const handler = own ?? stored;
  if (handler === undefined) throw noSuchResource();
  return handler;
}

function handlerOf(call: ResourceCall): Handler {
  const { resource, info } = call;
  if (info.subresource !== "") return subresourceHandler(call);
  if (!resource.verbs.includes(info.verb)) throw methodNotAllowed();
  if (resource.group === "metrics.k8s.io") return handleMetrics;
  if (resource.virtual) return handleReview;
  const named = ["get", "update", "patch", "delete"].includes(info.verb);
  if (named && info.name === "") throw methodNotAllowed();
  if (resource.namespaced && info.namespace === "" && info.verb === "create") throw methodNotAllowed();
  const handler = byVerb[info.verb];
  if (handler === undefined) throw methodNotAllowed();
  return handler;
}

/** Finds the served resource and answers; 404 and 405 where there is nothing to do. */
export async function handleResource(call: Call): Promise<void> {
  const { services, info, query, res } = call;
  const resource = services.cluster.registry.find(info.group, info.version, info.resource);
  if (resource === undefined) throw noSuchResource();
  const legacyWatch = info.verb === "watch" && info.name !== "" && !query.has("fieldSelector");
  if (legacyWatch) query.set("fieldSelector", `metadata.name=${info.name}`);
  const resourceCall: ResourceCall = { ...call, resource };
  if (info.subresource !== "log") setFlowHeaders(res);
  await handlerOf(resourceCall)(resourceCall);
}
