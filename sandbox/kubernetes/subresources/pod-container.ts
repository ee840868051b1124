import type { ResourceCall } from "../http/call.ts";
import { badRequest } from "../http/status-error.ts";
import { at, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";

export function containersOf(pod: KubeObject): Fields[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    listOf(at(pod, "spec", list)).filter(isFields),
  );
}

/** The container that `?container=` names, or the pod's only one; 400 as kube-apiserver words it. */
export function chooseContainer(call: ResourceCall, pod: KubeObject): string {
  const wanted = call.query.get("container") ?? "";
  const { name } = pod.metadata;
  if (wanted !== "") {
    if (containersOf(pod).some((container) => container.name === wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const containers = listOf(at(pod, "spec", "containers")).map((container) =>
    textOf(fieldsOf(container).name),
  );
  const annotated = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (containers.length === 1 && containers[0] !== undefined) return containers[0];
  if (annotated !== undefined && containers.includes(annotated)) return annotated;
  const initial = listOf(at(pod, "spec", "initContainers")).map((container) =>
    textOf(fieldsOf(container).name),
  );
  const also = initial.length > 0 ? ` or one of the init containers: [${initial.join(" ")}]` : "";
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(" ")}]${also}`,
  );
}

export function containerStatus(pod: KubeObject, container: string): Fields {
  const status = fieldsOf(pod.status);
  const lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
  const all = lists.flatMap((list) => listOf(status[list])).filter(isFields);
  return all.find((item) => item.name === container) ?? {};
}
