import type { Services } from "../http/call.ts";
import { createObject } from "../objects/create-object.ts";

export function seedCluster({ cluster }: Services): void {
  for (const name of ["default", "kube-system", "payments"]) {
    const resource = cluster.registry.storage("/namespaces");
    createObject({
      cluster,
      resource,
      object: { kind: "Namespace", apiVersion: "v1", metadata: { name } },
      manager: "x",
    });
  }
}
