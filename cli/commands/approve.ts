import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import type { AccessRequest } from "./answers.ts";
import { readDuration } from "./duration.ts";
import { showRequest } from "./show-request.ts";

export const command = defineCommand({
  about: "approve a request",
  details: "For as much as was asked, or less.",
  arguments: [{ name: "ID", about: "of the request: kubewitness requests --scope to-answer" }],
  options: {
    for: { type: "string", value: "TIME", about: "for less long, such as 30m" },
    cluster: {
      type: "string",
      value: "NAME",
      about: "on this cluster, where every one was asked for",
      completes: "clusters",
    },
    namespace: {
      type: "string",
      short: "n",
      multiple: true,
      value: "NAME",
      about: "in these namespaces only",
    },
    word: { type: "string", value: "TEXT", about: "that the person reads" },
  },
  examples: [
    'kubewitness approve 019ac2f0-c5d8-7bd2-a3b0-c1d2e3f40516 --for 30m --word "half an hour will do"',
  ],
  async run({ terminal, options, arguments: [id = ""] }) {
    const body = {
      durationMs: options.for === undefined ? undefined : readDuration("approve", "for", options.for),
      cluster: options.cluster,
      namespaces: options.namespace.length > 0 ? options.namespace : undefined,
      word: options.word,
    };
    const path = `/api/v1/access-requests/${encodeURIComponent(id)}/approve`;
    showRequest(
      terminal,
      await openApi(terminal, options.profile).json<AccessRequest>(path, { body }),
      options.output,
    );
    return undefined;
  },
});
