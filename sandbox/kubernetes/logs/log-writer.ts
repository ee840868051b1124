import type { Services } from "../http/call.ts";
import { at, isFields, listOf, textOf } from "../objects/fields.ts";
import { lineWriter } from "./log-lines.ts";
import type { RunningContainer } from "./pod-runtimes.ts";

const interval = 1000;
/** How likely a container writes a line in an interval. */
const chance = 0.25;
const pastLines = 60;
const pastSpan = 45 * 60_000;

/** A container whose command is given says what that says; the others run their image's program. */
function runsItsImage({ pod, container }: RunningContainer): boolean {
  const spec = listOf(at(pod, "spec", "containers"))
    .filter(isFields)
    .find(({ name }) => name === container);
  return spec !== undefined && listOf(spec.command).length === 0 && spec.stdin !== true;
}

function writeLine(services: Services, running: RunningContainer, now: Date): void {
  const write = lineWriter(running.image);
  if (write === undefined || !runsItsImage(running)) return;
  const random = () => services.cluster.random();
  running.runtime.writeLog(`${write({ now, random, pod: running.pod.metadata.name })}\n`, now);
}

/** The lines that seeded containers wrote before the start. */
function writePast(services: Services, running: RunningContainer, until: Date): void {
  const started = Date.parse(textOf(running.pod.metadata.creationTimestamp));
  const from = Math.max(started + 2000, until.getTime() - pastSpan);
  const step = Math.max(1, (until.getTime() - from) / pastLines);
  for (let index = 0; index < pastLines; index += 1) {
    const time = from + step * (index + services.cluster.random() * 0.9);
    if (time < until.getTime()) writeLine(services, running, new Date(time));
  }
}

/** Lets running containers write into their logs now and then; ends with the cluster's clock. */
export function startLogWriter(services: Services): void {
  const { clock, pace } = services.cluster;
  for (const running of services.runtimes.running()) writePast(services, running, clock.now());
  const tick = () => {
    for (const running of services.runtimes.running()) {
      if (services.cluster.random() < chance) writeLine(services, running, clock.now());
    }
    clock.schedule(interval * pace, tick);
  };
  services.runtimes.onStart((running) => {
    clock.schedule(300 * pace, () => writeLine(services, running, clock.now()));
  });
  clock.schedule(interval * pace, tick);
}
