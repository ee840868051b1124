import { at, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { PodRuntime, type PodRuntimeOptions } from "../shell/runtime.ts";

function environmentOf(container: unknown): Record<string, string> {
  const variables = listOf(fieldsOf(container).env).filter(isFields);
  return Object.fromEntries(variables.map(({ name, value }) => [textOf(name), textOf(value)]));
}

function commandOf(container: unknown): string[] {
  const { command, args } = fieldsOf(container);
  return [...listOf(command), ...listOf(args)].map(textOf);
}

export type RunningContainer = { pod: KubeObject; container: string; image: string; runtime: PodRuntime };

/** The running containers, by pod and container name. */
export class PodRuntimes {
  #running = new Map<string, RunningContainer & { exit: (code: number) => void }>();
  #listeners: ((started: RunningContainer) => void)[] = [];
  #runtimes = new Map<string, Map<string, PodRuntime>>();
  /** While false, containers start without running their command: the seed tells what they did. */
  runCommands = true;
  #previous = new Map<string, PodRuntime>();

  find(podUid: string, container: string): PodRuntime | undefined {
    return this.#runtimes.get(podUid)?.get(container);
  }

  /** The runtime that a container had before its last restart. */
  findPrevious(podUid: string, container: string): PodRuntime | undefined {
    return this.#previous.get(`${podUid}/${container}`);
  }

  start(pod: KubeObject, container: unknown, onExit: (code: number) => void): PodRuntime {
    const { name, image, stdin, stdinOnce, tty } = fieldsOf(container);
    const command = commandOf(container);
    const key = `${pod.metadata.uid}/${textOf(name)}`;
    const exit = (code: number) => {
      if (this.#running.get(key)?.exit === exit) this.#running.delete(key);
      onExit(code);
    };
    const options: PodRuntimeOptions = {
      namespace: pod.metadata.namespace ?? "",
      pod: pod.metadata.name,
      container: textOf(name),
      image: textOf(image),
      environment: environmentOf(container),
      ip: textOf(at(pod, "status", "podIP")),
      ...(command.length > 0 && this.runCommands ? { command } : {}),
      stdin: stdin === true,
      stdinOnce: stdinOnce === true,
      tty: tty === true,
      onExit: exit,
    };
    const runtime = new PodRuntime(options);
    const started = { pod, container: textOf(name), image: textOf(image), runtime, exit };
    this.#running.set(key, started);
    for (const listener of this.#listeners) listener(started);
    const containers = this.#runtimes.get(pod.metadata.uid) ?? new Map<string, PodRuntime>();
    const before = containers.get(textOf(name));
    if (before !== undefined) this.#previous.set(`${pod.metadata.uid}/${textOf(name)}`, before);
    containers.set(textOf(name), runtime);
    this.#runtimes.set(pod.metadata.uid, containers);
    return runtime;
  }

  /** The containers whose process runs. */
  running(): Iterable<RunningContainer> {
    return this.#running.values();
  }

  /** Calls back for every container that starts from now on. */
  onStart(listener: (started: RunningContainer) => void): void {
    this.#listeners.push(listener);
  }

  /** Ends a container's process from outside, as its own exit would. */
  finish(podUid: string, container: string, code: number): void {
    const running = this.#running.get(`${podUid}/${container}`);
    running?.runtime.stop();
    running?.exit(code);
  }

  stopPod(podUid: string): void {
    for (const [container, runtime] of this.#runtimes.get(podUid) ?? []) {
      runtime.stop();
      this.#running.delete(`${podUid}/${container}`);
      this.#previous.delete(`${podUid}/${container}`);
    }
    this.#runtimes.delete(podUid);
  }

  stopAll(): void {
    for (const uid of [...this.#runtimes.keys()]) this.stopPod(uid);
  }
}
