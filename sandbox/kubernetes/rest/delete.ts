import type { ResourceCall } from "../http/call.ts";
import { readOptionalObject } from "../http/request-body.ts";
import { sendJson, successStatus } from "../http/respond.ts";
import { forbidden } from "../http/status-error.ts";
import { deleteObject, isDryRun, readDeleteOptions } from "../objects/delete-object.ts";
import { compact } from "../objects/fields.ts";
import { strategyOf } from "../strategy/strategies.ts";
import { findObject, namespaceOf } from "./find-object.ts";
import { filterOf, sendList } from "./list.ts";
import { sendObject } from "./present.ts";
import { fromStorage, storageResource } from "./version.ts";

/** The namespaces that the NamespaceLifecycle admission plugin keeps. */
const lasting = new Set(["default", "kube-system", "kube-public"]);

export async function handleDelete(call: ResourceCall): Promise<void> {
  const { req, res, resource, services, query, info } = call;
  const body = await readOptionalObject(req);
  const object = findObject(call);
  const { cluster } = services;
  if (resource.storage === "/namespaces" && lasting.has(info.name)) {
    throw forbidden(resource, info.name, "this namespace may not be deleted");
  }
  const outcome = deleteObject({
    cluster,
    resource: storageResource(cluster, resource),
    object,
    options: readDeleteOptions(body, query),
    dryRun: isDryRun(body, query),
  });
  if (!outcome.gone || strategyOf(resource.storage).returnsDeleted)
    return sendObject(call, 200, outcome.object);
  const details = compact({
    name: object.metadata.name,
    group: resource.group === "" ? undefined : resource.group,
    kind: resource.resource,
    uid: object.metadata.uid,
  });
  sendJson(req, res, 200, successStatus(details));
}

export async function handleDeleteCollection(call: ResourceCall): Promise<void> {
  const { req, resource, services, query } = call;
  const body = await readOptionalObject(req);
  const { cluster } = services;
  const matches = filterOf(call);
  const options = readDeleteOptions(body, query);
  const dryRun = isDryRun(body, query);
  const stored = storageResource(cluster, resource);
  const objects = cluster.store.list(resource.storage, namespaceOf(call)).filter(matches);
  for (const object of objects) deleteObject({ cluster, resource: stored, object, options, dryRun });
  const metadata = { resourceVersion: String(cluster.store.resourceVersion) };
  sendList(
    call,
    objects.map((object) => fromStorage(resource, object)),
    metadata,
  );
}
