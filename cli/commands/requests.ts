import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { printJson } from "../terminal/print-json.ts";
import { printTable } from "../terminal/table.ts";
import type { AccessRequest } from "./answers.ts";
import { showDuration } from "./duration.ts";
import { placeOf } from "./show-request.ts";

const SCOPES = { mine: "mine", "to-answer": "to_answer", all: "all" } as const;
const STATES = ["open", "active", "refused", "withdrawn", "lapsed", "expired", "ended"];

export const command = defineCommand({
  about: "requests for access",
  arguments: [],
  options: {
    scope: {
      type: "string",
      value: "WHOSE",
      about: "mine (default), to-answer, or all",
      choices: Object.keys(SCOPES),
    },
    state: { type: "string", value: "STATE", about: STATES.join(", "), choices: STATES },
    search: { type: "string", value: "TEXT", about: "words of person, role, cluster, namespaces or reason" },
    limit: { type: "string", value: "NUMBER", about: "so many at the most (default: 100)" },
  },
  examples: ["kubewitness requests --scope to-answer --state open"],
  async run({ terminal, options }) {
    const scope = SCOPES[(options.scope ?? "mine") as keyof typeof SCOPES];
    const { state, search, limit } = options;
    const list = await openApi(terminal, options.profile).json<{ requests: AccessRequest[]; total: number }>(
      "/api/v1/access-requests",
      { query: { scope, state, search, limit } },
    );
    if (options.output === "json") {
      printJson(terminal, list);
      return undefined;
    }
    printTable(
      terminal,
      [
        { title: "ID", value: ({ id }) => id },
        { title: "STATE", value: ({ state: is }) => is },
        { title: "WHO", value: ({ person }) => person.name, yields: true },
        { title: "ROLE", value: ({ role }) => role.name },
        { title: "WHERE", value: placeOf, yields: true },
        { title: "FOR", value: ({ durationMs }) => showDuration(durationMs) },
        { title: "REASON", value: ({ reason }) => reason, yields: true },
      ],
      list.requests,
      "There are none.",
    );
    const more = list.total - list.requests.length;
    if (more > 0) terminal.tell(`${more} more: see --limit and --search.`);
    return undefined;
  },
});
