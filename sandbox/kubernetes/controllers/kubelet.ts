import { at, type Fields, fieldsOf, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import { formatTime, type KubeObject } from "../objects/object.ts";
import * as container from "./container-status.ts";
import type { Client } from "./controller.ts";
import { recordEvent } from "./events.ts";
import { PodAddresses } from "./pod-addresses.ts";
import { podConditions } from "./pod-conditions.ts";
import { setContainerStatus } from "./pod-status.ts";

const component = "kubelet";
/** What pulling, starting and stopping take; a person sees the states, a test does not wait long. */
const pullTime = 600;
const initTime = 300;
const stopTime = 900;
const firstBackoff = 10_000;
const longestBackoff = 300_000;

/** Images of these names cannot be pulled, to see what that looks like. */
const missingImage = /(does-?not-?exist|no-?such|non-?existent|not-?found|missing|invalid)/i;

/** Runs the pods of every node: starts their containers, restarts them, ends them. */
export class Kubelet {
  readonly #client: Client;
  readonly #addresses: PodAddresses;
  /** Pods being run, by uid; those in `#ending` are on their way out. */
  readonly #running = new Set<string>();
  readonly #ending = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
    this.#addresses = new PodAddresses(client);
  }

  start(): void {
    this.#client.cluster.store.subscribe("/pods", ({ type, object }) => {
      if (type === "DELETED") this.#forget(object);
      else this.#sync(object);
    });
  }

  #forget(pod: KubeObject): void {
    this.#client.services.runtimes.stopPod(pod.metadata.uid);
    this.#running.delete(pod.metadata.uid);
    this.#ending.delete(pod.metadata.uid);
  }

  #sync(pod: KubeObject): void {
    const { uid } = pod.metadata;
    const node = textOf(at(pod, "spec", "nodeName"));
    if (node === "") return;
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (!this.#ending.has(uid)) this.#end(pod);
      return;
    }
    const phase = textOf(at(pod, "status", "phase"));
    if (phase === "Succeeded" || phase === "Failed") return;
    if (!this.#running.has(uid)) {
      this.#running.add(uid);
      this.#client.schedule(30, () => this.#accept(pod, node));
      return;
    }
    this.#syncEphemeral(pod);
    this.#syncImages(pod);
  }

  #current(pod: KubeObject): KubeObject | undefined {
    const { namespace = "", name, uid } = pod.metadata;
    const found = this.#client.get("/pods", namespace, name);
    return found?.metadata.uid === uid ? found : undefined;
  }

  #event(
    pod: KubeObject,
    reason: string,
    message: string,
    name?: string,
    type: "Normal" | "Warning" = "Normal",
  ) {
    const fieldPath = name === undefined ? {} : { fieldPath: `spec.containers{${name}}` };
    const host = textOf(at(pod, "spec", "nodeName"));
    recordEvent(this.#client, { object: pod, reason, message, type, component, host, ...fieldPath });
  }

  #now(): string {
    return formatTime(this.#client.now);
  }

  #accept(pod: KubeObject, node: string): void {
    const hostIP = this.#addresses.nodeAddress(node);
    const specs = (list: string) => listOf(at(pod, "spec", list)).filter(isFields);
    const initial = specs("initContainers");
    const reason = initial.length > 0 ? "PodInitializing" : "ContainerCreating";
    const containers = specs("containers");
    this.#client.updateStatus("/pods", pod, (status) => ({
      ...status,
      phase: "Pending",
      hostIP,
      hostIPs: [{ ip: hostIP }],
      startTime: this.#now(),
      conditions: podConditions(
        status.conditions,
        containers.map(({ name }) => textOf(name)),
        false,
        this.#now(),
      ),
      containerStatuses: containers.map((item) => container.waitingStatus(item, reason)),
      ...(initial.length > 0
        ? { initContainerStatuses: initial.map((item) => container.waitingStatus(item, "PodInitializing")) }
        : {}),
    }));
    const time = pullTime + this.#client.cluster.random() * 500;
    this.#client.schedule(time, () => this.#runInit(pod, initial, 0));
  }

  #runInit(pod: KubeObject, initial: Fields[], index: number): void {
    const item = initial[index];
    if (item === undefined) {
      this.#startContainers(pod);
      return;
    }
    const startedAt = this.#now();
    this.#client.schedule(initTime, () => {
      this.#client.updateStatus("/pods", pod, (status) => {
        const running = container.runningStatus(pod.metadata.uid, item, startedAt);
        const done = { ...container.terminatedStatus(running, 0, this.#now()), ready: true };
        const statuses = listOf(status.initContainerStatuses).filter(isFields);
        return { ...status, initContainerStatuses: container.replaceStatus(statuses, done) };
      });
      this.#runInit(pod, initial, index + 1);
    });
  }

  #startContainers(pod: KubeObject): void {
    const current = this.#current(pod);
    if (current === undefined || current.metadata.deletionTimestamp !== undefined) return;
    const hostNetwork = at(current, "spec", "hostNetwork") === true;
    const node = textOf(at(current, "spec", "nodeName"));
    const podIP = hostNetwork ? this.#addresses.nodeAddress(node) : this.#addresses.allocate(node);
    this.#client.updateStatus("/pods", pod, (status) => ({ ...status, podIP, podIPs: [{ ip: podIP }] }));
    for (const item of listOf(at(current, "spec", "containers")).filter(isFields))
      this.#startContainer(pod, item);
  }

  #startContainer(pod: KubeObject, item: Fields, list = "containerStatuses"): void {
    const current = this.#current(pod);
    if (current === undefined || current.metadata.deletionTimestamp !== undefined) return;
    const name = textOf(item.name);
    const image = textOf(item.image);
    if (missingImage.test(image)) {
      this.#failPull(current, item, list);
      return;
    }
    this.#event(current, "Pulled", `Container image "${image}" already present on machine`, name);
    this.#event(current, "Created", `Created container: ${name}`, name);
    const before = container.statusOf(current, list, name);
    setContainerStatus(
      this.#client,
      pod,
      list,
      container.runningStatus(pod.metadata.uid, item, this.#now(), before),
    );
    this.#event(current, "Started", `Started container ${name}`, name);
    const started = this.#current(pod) ?? current;
    this.#client.services.runtimes.start(started, item, (code) => {
      this.#client.schedule(0, () => this.#containerExited(pod, item, list, code));
    });
  }

  #failPull(pod: KubeObject, item: Fields, list: string, attempt = 0): void {
    if (this.#current(pod) === undefined) return;
    const image = textOf(item.image);
    const name = textOf(item.name);
    const full = container.fullImageName(image);
    const why = `failed to pull and unpack image "${full}": failed to resolve reference "${full}": pull access denied, repository does not exist or may require authorization`;
    const message =
      attempt === 0
        ? `rpc error: code = NotFound desc = ${why}`
        : `Back-off pulling image "${image}": ErrImagePull: ${why}`;
    const reason = attempt === 0 ? "ErrImagePull" : "ImagePullBackOff";
    setContainerStatus(this.#client, pod, list, container.waitingStatus(item, reason, message));
    const eventMessage = attempt === 0 ? `Failed to pull image "${image}": ${why}` : `Error: ${reason}`;
    this.#event(pod, "Failed", eventMessage, name, "Warning");
    if (attempt === 0) this.#client.schedule(1500, () => this.#failPull(pod, item, list, 1));
  }

  #containerExited(pod: KubeObject, item: Fields, list: string, code: number): void {
    const current = this.#current(pod);
    const name = textOf(item.name);
    const before = current === undefined ? undefined : container.statusOf(current, list, name);
    if (current === undefined || before === undefined || current.metadata.deletionTimestamp !== undefined)
      return;
    if (at(before, "state", "running") === undefined) return;
    const ended = container.terminatedStatus(before, code, this.#now());
    setContainerStatus(this.#client, pod, list, ended);
    const policy = at(current, "spec", "restartPolicy");
    const restarts =
      list === "containerStatuses" && (policy === "Always" || (policy === "OnFailure" && code !== 0));
    if (restarts) this.#backOff(pod, item, ended);
  }

  #backOff(pod: KubeObject, item: Fields, ended: Fields): void {
    const restarts = numberOf(ended.restartCount);
    const wait = restarts === 0 ? 1000 : Math.min(firstBackoff * 2 ** (restarts - 1), longestBackoff);
    const lastState = ended.state;
    const restart = { ...ended, lastState, restartCount: restarts + 1 };
    this.#client.schedule(500, () => {
      if (restarts > 0) {
        const message = `back-off ${wait / 1000}s restarting failed container=${textOf(item.name)} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
        setContainerStatus(this.#client, pod, "containerStatuses", {
          ...restart,
          state: { waiting: { reason: "CrashLoopBackOff", message } },
        });
        this.#event(
          pod,
          "BackOff",
          `Back-off restarting failed container ${textOf(item.name)}`,
          textOf(item.name),
          "Warning",
        );
      }
      this.#client.schedule(wait, () => {
        setContainerStatus(this.#client, pod, "containerStatuses", {
          ...restart,
          state: { waiting: { reason: "ContainerCreating" } },
        });
        this.#startContainer(pod, item);
      });
    });
  }

  #syncEphemeral(pod: KubeObject): void {
    for (const item of listOf(at(pod, "spec", "ephemeralContainers")).filter(isFields)) {
      const list = "ephemeralContainerStatuses";
      if (container.statusOf(pod, list, textOf(item.name)) !== undefined) continue;
      setContainerStatus(this.#client, pod, list, container.waitingStatus(item, "ContainerCreating"));
      this.#client.schedule(pullTime, () => this.#startContainer(pod, item, list));
      return;
    }
  }

  /** A container whose image was changed in place is restarted with the new one. */
  #syncImages(pod: KubeObject): void {
    for (const item of listOf(at(pod, "spec", "containers")).filter(isFields)) {
      const status = container.statusOf(pod, "containerStatuses", textOf(item.name));
      if (at(status, "state", "running") === undefined) continue;
      if (status?.image === container.fullImageName(textOf(item.image))) continue;
      const name = textOf(item.name);
      this.#event(pod, "Killing", `Container ${name} definition changed, will be restarted`, name);
      const ended = container.terminatedStatus(fieldsOf(status), 0, this.#now());
      const restarts = numberOf(ended.restartCount) + 1;
      const state = { waiting: { reason: "ContainerCreating" } };
      setContainerStatus(this.#client, pod, "containerStatuses", {
        ...ended,
        state,
        lastState: ended.state,
        restartCount: restarts,
      });
      this.#client.schedule(pullTime, () => this.#startContainer(pod, item));
      return;
    }
  }

  #end(pod: KubeObject): void {
    const { uid, deletionGracePeriodSeconds } = pod.metadata;
    this.#ending.add(uid);
    for (const item of listOf(at(pod, "spec", "containers")).filter(isFields)) {
      this.#event(pod, "Killing", `Stopping container ${textOf(item.name)}`, textOf(item.name));
    }
    const time = Math.min(stopTime, numberOf(deletionGracePeriodSeconds, 30) * 1000);
    this.#client.schedule(time, () => {
      this.#client.services.runtimes.stopPod(uid);
      const current = this.#current(pod);
      if (current === undefined) return;
      const { finalizers } = current.metadata;
      if (finalizers === undefined || finalizers.length === 0)
        this.#client.cluster.store.remove("/pods", current);
    });
  }
}
