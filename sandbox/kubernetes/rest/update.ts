import { fieldManagerOf, type ResourceCall } from "../http/call.ts";
import { decodeObject, mediaTypeOf, readBody } from "../http/request-body.ts";
import { isDryRun } from "../objects/delete-object.ts";
import type { KubeObject } from "../objects/object.ts";
import { updateObject } from "../objects/update-object.ts";
import { findObject } from "./find-object.ts";
import { sendObject } from "./present.ts";
import { storageResource, toStorage } from "./version.ts";
import { checkKind, checkScope, checkTypes, expectedKind, validateFields } from "./write.ts";

export async function handleUpdate(call: ResourceCall): Promise<void> {
  const { req, resource, services, query, info } = call;
  const object = decodeObject(await readBody(req), mediaTypeOf(req));
  checkKind(object, expectedKind(resource));
  checkTypes(call, object);
  validateFields(call, object);
  checkScope(call, object);
  const before = findObject(call);
  const updated = updateObject({
    cluster: services.cluster,
    resource: storageResource(services.cluster, resource),
    before,
    after: toStorage(resource, object as KubeObject),
    manager: fieldManagerOf(call),
    subresource: info.subresource || undefined,
    dryRun: isDryRun(undefined, query),
  });
  sendObject(call, 200, updated);
}
