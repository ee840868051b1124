import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { at, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { findObject } from "../rest/find-object.ts";
import { handleStreamUpgrade } from "../streams/server.ts";
import type { PodView, StreamRequest } from "../streams/stream-request.ts";
import { chooseContainer, containerStatus, containersOf } from "../subresources/pod-container.ts";
import { isTrueParameter } from "./boolean-parameter.ts";
import type { ResourceCall, Services } from "./call.ts";
import { admitRequest, handleRequest } from "./handle-request.ts";
import { sendError, setCommonHeaders } from "./respond.ts";
import { badRequest, internalError, methodNotAllowed, noSuchResource } from "./status-error.ts";

const streamed = new Set(["exec", "attach", "portforward"]);

function isStreamed(name: string): name is StreamRequest["subresource"] {
  return streamed.has(name);
}

function podView(pod: KubeObject): PodView {
  return {
    name: pod.metadata.name,
    ip: textOf(at(pod, "status", "podIP")),
    containers: containersOf(pod).map((container) => ({
      name: textOf(container.name),
      image: textOf(container.image),
      ports: listOf(container.ports).map((port) => numberOf(at(port, "containerPort"))),
    })),
  };
}

function checkRunning(subresource: string, pod: KubeObject, container: string): void {
  const phase = textOf(at(pod, "status", "phase"));
  const { name, namespace } = pod.metadata;
  if (phase === "Succeeded" || phase === "Failed") {
    const verb = subresource === "exec" ? "exec into a container in" : "attach to a container in";
    if (subresource === "portforward")
      throw internalError(`unable to forward port because pod is not running. Current status=${phase}`);
    throw badRequest(`cannot ${verb} a completed pod; current phase is ${phase}`);
  }
  if (!isFields(at(containerStatus(pod, container), "state", "running"))) {
    if (textOf(at(pod, "spec", "nodeName")) === "")
      throw badRequest(`pod ${name} does not have a host assigned`);
    throw internalError(`container not found ("${container}") in pod "${name}_${namespace}"`);
  }
}

function streamRequestOf(call: ResourceCall): StreamRequest {
  const { info, query, services } = call;
  if (!isStreamed(info.subresource)) throw noSuchResource();
  const pod = findObject(call);
  const first = textOf(at(pod, "spec", "containers", 0, "name"));
  const container = info.subresource === "portforward" ? first : chooseContainer(call, pod);
  checkRunning(info.subresource, pod, container);
  const runtime = services.runtimes.find(pod.metadata.uid, container);
  if (runtime === undefined) {
    throw internalError(`container not found ("${container}")`);
  }
  const streams = {
    stdin: isTrueParameter(query, "stdin"),
    stdout: isTrueParameter(query, "stdout"),
    stderr: isTrueParameter(query, "stderr"),
    tty: isTrueParameter(query, "tty"),
  };
  const command = query.getAll("command");
  if (info.subresource !== "portforward" && !streams.stdin && !streams.stdout && !streams.stderr) {
    throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
  }
  if (info.subresource === "exec" && command.length === 0)
    throw badRequest("you must specify command for exec");
  return {
    subresource: info.subresource,
    namespace: info.namespace,
    pod: podView(pod),
    container,
    command,
    ...streams,
    ports: query
      .getAll("ports")
      .flatMap((ports) => ports.split(","))
      .map(Number),
    runtime,
  };
}

/** Answers an upgrade request with an ordinary response, after which the connection ends. */
function responseOn(req: IncomingMessage, socket: Duplex): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket as Socket);
  res.once("finish", () => socket.end());
  return res;
}

/**
 * exec, attach and port-forward: authenticates, authorises and finds the container, then hands the socket to
 * the streams. Watches and logs over WebSocket are not served: kube-apiserver's answer to other upgrades is
 * the ordinary one.
 */
export function handleUpgrade(services: Services, req: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on("error", () => socket.destroy());
  try {
    const admitted = admitRequest(services, req);
    const { info } = admitted;
    const resource = services.cluster.registry.find(info.group, info.version, info.resource);
    if (!isStreamed(info.subresource) || resource?.storage !== "/pods") {
      void handleRequest(services, req, responseOn(req, socket));
      return;
    }
    if (info.verb !== "get" && info.verb !== "create") throw methodNotAllowed();
    const res = undefined as unknown as ServerResponse;
    const call: ResourceCall = { services, req, res, resource, ...admitted };
    handleStreamUpgrade(streamRequestOf(call), req, socket, head);
  } catch (error) {
    const res = responseOn(req, socket);
    setCommonHeaders(res);
    sendError(req, res, error);
  }
}
