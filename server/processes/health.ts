import type { AuditStatus } from "../../lib/audit/pipeline/status.ts";
import type { WorkerReport } from "./worker-process.ts";

/** Whether calls may come: not while one of the processes refuses its part of them, and not while none of them serves. */
export function admissionOf(reports: readonly WorkerReport[]): AuditStatus["admission"] {
  const serving = reports.filter(({ state }) => state === "serving");
  if (serving.length === 0) return { admitted: false, reason: "no gateway process serves calls" };
  const refusing = serving.find(({ status }) => status?.admission.admitted === false);
  return refusing?.status?.admission ?? { admitted: true };
}

/** What is wrong with the processes themselves, a sentence each. */
export function troublesOfProcesses(reports: readonly WorkerReport[]): string[] {
  return reports.flatMap(({ name, state, silentMs, loop }) => {
    const sentences: string[] = [];
    if (state === "silent") sentences.push(`${name} has not answered for ${seconds(silentMs)} s`);
    if (state === "ended" || state === "starting")
      sentences.push(`${name} is not running, and is started again`);
    if (loop) sentences.push(`${name} ended ${loop.ends} times within ${loop.minutes} minutes: see the log`);
    return sentences;
  });
}

/** After a defect nobody knows what state the console is in; calls are not touched by it. */
export function troublesOfConsole(defects: number): string[] {
  if (defects === 0) return [];
  const times = defects === 1 ? "a defect" : `${defects} defects`;
  return [`the console's process had ${times} since its start: see the log, and restart it`];
}

const seconds = (milliseconds: number | null) => Math.round((milliseconds ?? 0) / 1_000);
