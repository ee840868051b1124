import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { usage } from "../program/parse-options.ts";
import type { AccessRequest } from "./answers.ts";
import { showRequest } from "./show-request.ts";

export const command = defineCommand({
  about: "refuse a request",
  arguments: [{ name: "ID", about: "of the request: kubewitness requests --scope to-answer" }],
  options: { word: { type: "string", value: "TEXT", about: "why: the person reads it" } },
  examples: ['kubewitness refuse 019ac2f0-c5d8-7bd2-a3b0-c1d2e3f40516 --word "ask the owner of payments"'],
  async run({ terminal, options, arguments: [id = ""] }) {
    if (options.word === undefined) throw usage("refuse", "--word is missing: say why.");
    const path = `/api/v1/access-requests/${encodeURIComponent(id)}/refuse`;
    const request = await openApi(terminal, options.profile).json<AccessRequest>(path, {
      body: { word: options.word },
    });
    showRequest(terminal, request, options.output);
    return undefined;
  },
});
