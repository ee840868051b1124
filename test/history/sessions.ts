import type { RecordingEntry } from "../../lib/audit/recordings/schema.ts";

/** How a session may end, and how often. */
export type PlannedEnd = Pick<RecordingEntry, "ending" | "result" | "message" | "exitCode">;

export const ENDINGS: readonly (PlannedEnd & { weight: number })[] = [
  { weight: 74, ending: "completed", result: "success", message: null, exitCode: 0 },
  { weight: 6, ending: "completed", result: "success", message: null, exitCode: 130 },
  { weight: 3, ending: "completed", result: "success", message: null, exitCode: 1 },
  {
    weight: 8,
    ending: "disconnected",
    result: "success",
    message: "The client left before the command ended",
    exitCode: null,
  },
  {
    weight: 2,
    ending: "terminated",
    result: "failure",
    message: "Ended by Sofia Rossi: this database is restored from its backup, not by hand",
    exitCode: null,
  },
  {
    weight: 2,
    ending: "revoked",
    result: "failure",
    message: "The grant that allowed it was revoked",
    exitCode: null,
  },
  { weight: 2, ending: "interrupted", result: "failure", message: "The gateway went away", exitCode: null },
  {
    weight: 1,
    ending: "unrecorded",
    result: "failure",
    message: "The recording could not be written for 5 s",
    exitCode: null,
  },
];

/** What a session may be, and how often; `command`: as it is typed, `%n` stands for the pod's name. */
export interface PlannedKind extends Pick<RecordingEntry, "kind" | "tty" | "commandLine" | "container"> {
  weight: number;
  command: string;
}

export const SESSION_KINDS: readonly PlannedKind[] = [
  {
    weight: 60,
    kind: "exec",
    tty: "yes",
    commandLine: "sh",
    container: "api",
    command: "kubectl exec -it %n -- sh",
  },
  {
    weight: 12,
    kind: "exec",
    tty: "no",
    commandLine: "cat /etc/config/app.yaml",
    container: "api",
    command: "kubectl exec %n -- cat /etc/config/app.yaml",
  },
  {
    weight: 8,
    kind: "attach",
    tty: "yes",
    commandLine: null,
    container: null,
    command: "kubectl attach -it %n",
  },
  {
    weight: 6,
    kind: "debug",
    tty: "yes",
    commandLine: "bash",
    container: "debugger-x7x2p",
    command: "kubectl debug -it %n --image=busybox -- bash",
  },
  {
    weight: 8,
    kind: "cp",
    tty: "no",
    commandLine: "tar cf - /var/log/app",
    container: "api",
    command: "kubectl cp %n:/var/log/app app-logs",
  },
  {
    weight: 6,
    kind: "run",
    tty: "yes",
    commandLine: "sh",
    container: "tools",
    command: "kubectl run -it %n --image=busybox -- sh",
  },
  { weight: 10, kind: "shell", tty: "yes", commandLine: null, container: null, command: "" },
];
