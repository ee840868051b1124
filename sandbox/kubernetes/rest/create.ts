import { fieldManagerOf, type ResourceCall } from "../http/call.ts";
import { decodeObject, mediaTypeOf, readBody } from "../http/request-body.ts";
import { createObject } from "../objects/create-object.ts";
import { isDryRun } from "../objects/delete-object.ts";
import type { KubeObject } from "../objects/object.ts";
import { sendObject } from "./present.ts";
import { storageResource, toStorage } from "./version.ts";
import { checkKind, checkScope, checkTypes, expectedKind, validateFields } from "./write.ts";

export async function handleCreate(call: ResourceCall): Promise<void> {
  const { req, resource, services, query } = call;
  const object = decodeObject(await readBody(req), mediaTypeOf(req));
  checkKind(object, expectedKind(resource));
  checkTypes(call, object);
  validateFields(call, object);
  checkScope(call, object);
  const created = createObject({
    cluster: services.cluster,
    resource: storageResource(services.cluster, resource),
    object: toStorage(resource, object as KubeObject),
    manager: fieldManagerOf(call),
    dryRun: isDryRun(undefined, query),
  });
  sendObject(call, 201, created);
}
