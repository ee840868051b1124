import { setTimeout } from "node:timers/promises";
import { type Api, openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { EXIT_CODES, Failure } from "../program/failure.ts";
import { usage } from "../program/parse-options.ts";
import type { AccessRequest } from "./answers.ts";
import { chooseCluster } from "./choose-cluster.ts";
import { readDuration } from "./duration.ts";
import { showRequest } from "./show-request.ts";

const LOOK_AGAIN_MS = 2_000;

export const command = defineCommand({
  about: "ask for a role for a while",
  details:
    "Approvers are told. With --wait it stays until somebody answers: exit code 0 where it was approved, 1 where it was refused or nobody answered in time.",
  arguments: [{ name: "ROLE", about: "the role's name" }],
  options: {
    cluster: {
      type: "string",
      value: "NAME",
      about: "the cluster; else that of kubectl's current context",
      completes: "clusters",
    },
    context: {
      type: "string",
      value: "NAME",
      about: "the cluster of this context of kubectl's",
      completes: "contexts",
    },
    namespace: {
      type: "string",
      short: "n",
      multiple: true,
      value: "NAME",
      about: "this namespace; several times for several; else all",
    },
    project: { type: "string", value: "NAME", about: "a project, in place of cluster and namespaces" },
    for: { type: "string", value: "TIME", about: "for how long, such as 30m or 8h (default: 1h)" },
    reason: {
      type: "string",
      short: "r",
      value: "TEXT",
      about: "what for: approvers read it, and it stays on the record",
    },
    wait: { type: "boolean", short: "w", about: "until it is answered" },
    "break-glass": {
      type: "boolean",
      about: "take it at once, where the role allows that; everybody is told",
    },
  },
  examples: [
    'kubewitness request on-call --cluster prod -n payments --for 2h --reason "INC-42" --wait',
    'kubewitness request on-call --project team-a --reason "INC-42"',
  ],
  async run({ terminal, options, arguments: [role] }) {
    if (options.reason === undefined) throw usage("request", "--reason is missing: say what it is for.");
    const durationMs = readDuration("request", "for", options.for ?? "1h");
    const api = openApi(terminal, options.profile);
    const scope =
      options.project === undefined
        ? {
            cluster: (await chooseCluster("request", { terminal, api, options })).cluster,
            namespaces: options.namespace,
          }
        : { project: options.project };
    const kind = options["break-glass"] ? "break_glass" : "request";
    const body = { kind, role, ...scope, durationMs, reason: options.reason };
    let request = await api.json<AccessRequest>("/api/v1/access-requests", { body });
    if (options.wait && request.state === "open") {
      terminal.tell(`${request.id} waits for an answer.`);
      request = await waitForAnswer(api, request.id, terminal.tell);
    }
    showRequest(terminal, request, options.output);
    return ["open", "active"].includes(request.state) ? EXIT_CODES.done : EXIT_CODES.refused;
  },
});

/** An installation that is away for a moment has not answered. */
async function waitForAnswer(api: Api, id: string, tell: (line: string) => void): Promise<AccessRequest> {
  let away = false;
  for (;;) {
    await setTimeout(LOOK_AGAIN_MS);
    try {
      const request = await api.json<AccessRequest>(`/api/v1/access-requests/${id}`);
      away = false;
      if (request.state !== "open") return request;
    } catch (error) {
      if (!(error instanceof Failure) || !["unreachable", "failed"].includes(error.reason)) throw error;
      if (!away) tell(`${error.message} Waiting for it.`);
      away = true;
    }
  }
}
