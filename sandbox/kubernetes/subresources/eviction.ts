import type { ResourceCall } from "../http/call.ts";
import { readOptionalObject } from "../http/request-body.ts";
import { sendJson } from "../http/respond.ts";
import { StatusError } from "../http/status-error.ts";
import { deleteObject, isDryRun, readDeleteOptions } from "../objects/delete-object.ts";
import { at, fieldsOf, numberOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { findObject } from "../rest/find-object.ts";
import { storageResource } from "../rest/version.ts";
import { objectLabelSelector } from "../selectors/label-selector.ts";

function budgetOf(call: ResourceCall, pod: KubeObject): KubeObject | undefined {
  return call.services.cluster.store
    .list("policy/poddisruptionbudgets", pod.metadata.namespace)
    .find((budget) => objectLabelSelector(at(budget, "spec", "selector"))(pod.metadata.labels));
}

/** `pods/eviction`: a delete that a PodDisruptionBudget may refuse with 429. */
export async function handleEviction(call: ResourceCall): Promise<void> {
  const { req, res, services, query } = call;
  const body = await readOptionalObject(req);
  const pod = findObject(call);
  const budget = budgetOf(call, pod);
  if (budget !== undefined && numberOf(at(budget, "status", "disruptionsAllowed")) <= 0) {
    const { desiredHealthy, currentHealthy } = fieldsOf(budget.status);
    throw new StatusError({
      code: 429,
      reason: "TooManyRequests",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
          },
        ],
      },
    });
  }
  const options = body.deleteOptions;
  deleteObject({
    cluster: services.cluster,
    resource: storageResource(services.cluster, call.resource),
    object: pod,
    options: readDeleteOptions(options, query),
    dryRun: isDryRun(options, query),
  });
  sendJson(req, res, 201, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 });
}
