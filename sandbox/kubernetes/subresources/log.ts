import { isTrueParameter } from "../http/boolean-parameter.ts";
import type { ResourceCall } from "../http/call.ts";
import { badRequest, invalid, invalidValue } from "../http/status-error.ts";
import { at, isFields, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { findObject } from "../rest/find-object.ts";
import type { PodRuntime } from "../shell/runtime.ts";
import { chooseContainer, containerStatus } from "./pod-container.ts";

function count(call: ResourceCall, name: string, least: number): number | undefined {
  const text = call.query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  const kind = { group: "", kind: "PodLogOptions" };
  throw invalid(kind, "", [invalidValue(name, value, `must be greater than or equal to ${least}`)]);
}

function runtimeOf(call: ResourceCall, pod: KubeObject, container: string): PodRuntime {
  const { runtimes } = call.services;
  const name = pod.metadata.name;
  if (isTrueParameter(call.query, "previous")) {
    const previous = runtimes.findPrevious(pod.metadata.uid, container);
    if (previous !== undefined) return previous;
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  }
  const runtime = runtimes.find(pod.metadata.uid, container);
  if (runtime !== undefined) return runtime;
  const waiting = at(containerStatus(pod, container), "state", "waiting");
  const reason = textOf(at(waiting, "reason")) || "ContainerCreating";
  const why: Record<string, string> = {
    ImagePullBackOff: "trying and failing to pull image",
    ErrImagePull: "image can't be pulled",
  };
  const text = why[reason] ?? reason;
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${text}`);
}

function sinceOf(call: ResourceCall): Date | undefined {
  const seconds = count(call, "sinceSeconds", 1);
  if (seconds !== undefined) return new Date(call.services.cluster.now().getTime() - seconds * 1000);
  const time = call.query.get("sinceTime");
  return time ? new Date(time) : undefined;
}

/** `pods/log`: the container's lines as plain text, followed until the client leaves or the container ends. */
export async function handleLog(call: ResourceCall): Promise<void> {
  const { res, req, services } = call;
  const pod = findObject(call);
  const container = chooseContainer(call, pod);
  const tailLines = count(call, "tailLines", 0);
  const limitBytes = count(call, "limitBytes", 1);
  const runtime = runtimeOf(call, pod, container);
  const follow =
    isTrueParameter(call.query, "follow") &&
    isFields(at(containerStatus(pod, container), "state", "running"));
  const since = sinceOf(call);
  const abort = new AbortController();
  const leave = () => abort.abort();
  req.socket.once("close", leave);
  services.closing.addEventListener("abort", leave);
  res.setHeader("Content-Type", "text/plain");
  res.flushHeaders();
  const timestamps = isTrueParameter(call.query, "timestamps");
  let left = limitBytes ?? Number.POSITIVE_INFINITY;
  try {
    const lines = runtime.readLog({
      follow,
      signal: abort.signal,
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(since === undefined ? {} : { sinceTime: since }),
    });
    for await (const line of lines) {
      const prefix = timestamps ? `${line.time.toISOString().replace("Z", "000000Z")} ` : "";
      const bytes = Buffer.from(`${prefix}${line.text}`).subarray(0, left);
      left -= bytes.length;
      if (!res.write(bytes)) await Promise.race([drained(call), aborted(abort.signal)]);
      if (left <= 0 || abort.signal.aborted) break;
    }
  } finally {
    req.socket.off("close", leave);
    services.closing.removeEventListener("abort", leave);
    res.end();
  }
}

function drained(call: ResourceCall): Promise<void> {
  return new Promise((resolve) => call.res.once("drain", () => resolve()));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
