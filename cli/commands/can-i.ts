import { type Api, openApi } from "../http/api.ts";
import { readResourceName } from "../kubernetes/resources.ts";
import { type CommandInput, defineCommand } from "../program/command.ts";
import { EXIT_CODES } from "../program/failure.ts";
import { usage } from "../program/parse-options.ts";
import { printJson } from "../terminal/print-json.ts";
import { coloured } from "../terminal/table.ts";
import { printable } from "../terminal/terminal.ts";
import { chooseCluster } from "./choose-cluster.ts";

/** `POST /api/v1/access/simulate` */
interface Simulation {
  allowed: boolean;
  verdict: string;
  subject: { name: string };
  until: string | null;
  grants: {
    grant: { role: { name: string }; subject: { kind: string; name: string } };
    outcome: "decides" | "allows" | "denies" | "silent";
    rule: { number: number; text: string } | null;
    why: string[];
  }[];
  notes: string[];
}

const options = {
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
    value: "NAME",
    about: "the namespace; else the context's, else default",
  },
  "all-namespaces": { type: "boolean", short: "A", about: "in every namespace at once" },
  subresource: { type: "string", value: "NAME", about: "such as log; pods/exec says it too" },
  as: { type: "string", value: "USER", about: "the Kubernetes user of kubectl's --as" },
  "as-group": { type: "string", multiple: true, value: "GROUP", about: "a group of kubectl's --as-group" },
  subject: {
    type: "string",
    value: "WHO",
    about: "ask of this person or application (auditors and administrators)",
  },
  at: { type: "string", value: "TIME", about: "at this time, such as 2026-12-31T18:00:00Z" },
} as const;

export const command = defineCommand({
  about: "whether a call would be allowed, and why",
  details:
    "Asks the simulator; nothing is called. Says yes or no, and which grant, role and rule says so. Exit code 0 for yes, 1 for no.",
  arguments: [
    { name: "VERB", about: "get, list, watch, create, update, patch, delete …" },
    {
      name: "RESOURCE",
      about: "pods, pods/NAME, pods/exec, deployments.apps/NAME, or a path such as /metrics",
    },
    { name: "NAME", about: "the object, where it does not stand behind the resource", optional: true },
  ],
  options,
  examples: [
    "kubewitness can-i delete pods -n payments",
    "kubewitness can-i get secrets/db -n payments --cluster prod",
    "kubewitness can-i create pods/exec -n payments --subject alice@example.com",
  ],
  async run(input) {
    const { terminal } = input;
    const api = openApi(terminal, input.options.profile);
    const simulation = await api.json<Simulation>("/api/v1/access/simulate", {
      body: await readCall(api, input),
    });
    if (input.options.output === "json") printJson(terminal, simulation);
    else describe(simulation, input);
    return simulation.allowed ? EXIT_CODES.done : EXIT_CODES.refused;
  },
});

type Input = CommandInput<typeof options>;

async function readCall(api: Api, { terminal, options: given, arguments: words }: Input) {
  const [verb = "", what = "", named = ""] = words;
  const { cluster, namespace } = await chooseCluster("can-i", { terminal, api, options: given });
  return {
    cluster,
    verb: verb.toLowerCase(),
    ...(what.startsWith("/")
      ? { path: what }
      : readObject({ what, named, namespace, given, tell: terminal.tell })),
    as: given.as ?? null,
    asGroups: given["as-group"],
    at: given.at ?? null,
    ...(given.subject === undefined
      ? {}
      : { subject: given.subject, subjectKind: given.subject.includes("@") ? "user" : "application" }),
  };
}

/** Of pods; for others what stands behind the slash is a name, as in kubectl. */
const SUBRESOURCES = [
  "attach",
  "binding",
  "ephemeralcontainers",
  "eviction",
  "exec",
  "log",
  "portforward",
  "proxy",
  "resize",
  "scale",
  "status",
  "token",
];

interface ObjectInput {
  what: string;
  named: string;
  namespace: string | null;
  given: Input["options"];
  tell: (line: string) => void;
}

function readObject({ what, named, namespace, given, tell }: ObjectInput) {
  const [kind = "", behind = "", ...more] = what.split("/");
  if (kind === "" || more.length > 0)
    throw usage(
      "can-i",
      `RESOURCE got ${JSON.stringify(what)}: takes one such as pods, pods/NAME or deployments.apps.`,
    );
  const isSubresource = given.subresource === undefined && SUBRESOURCES.includes(behind);
  const { group, resource, namespaced } = readResourceName(kind);
  if (namespaced === null && !kind.includes("."))
    tell(
      `${kind} is none of Kubernetes' own kinds: it is taken for one of the core group. Name its group: ${kind}.example.com`,
    );
  const subresource = given.subresource ?? (isSubresource ? behind : "");
  const everywhere = namespaced === false || given["all-namespaces"];
  return {
    apiGroup: group,
    resource: subresource === "" ? resource : `${resource}/${subresource}`,
    name: named || (isSubresource ? "" : behind),
    namespace: everywhere ? "" : (given.namespace ?? namespace ?? "default"),
  };
}

function describe({ allowed, verdict, grants, notes, until }: Simulation, { terminal }: Input): void {
  terminal.print(coloured(terminal, allowed ? "green" : "red", allowed ? "yes" : "no"));
  terminal.print(printable(verdict));
  for (const { grant, outcome, rule } of grants) {
    if (outcome !== "decides" && outcome !== "denies") continue;
    const { role, subject } = grant;
    // What allows it stands in the verdict.
    const text = outcome === "denies" && rule ? ` by rule ${rule.number}: ${rule.text}` : "";
    terminal.print(
      printable(`  ${outcome}: role ${role.name}, granted to ${subject.kind} ${subject.name}${text}`),
    );
  }
  if (until !== null) terminal.print(`  stands until ${until}`);
  for (const note of notes) terminal.print(printable(`  note: ${note}`));
}
