import type { MadeJoinToken } from "../../../../lib/tunnels/joining/schema.ts";

interface Joining {
  made: MadeJoinToken;
  /** The API server as the agent dials it, where it is no pod. */
  endpoint: string;
  /** Whose credential proves calls. */
  credential: "gateway" | "agent";
}

/** Where an agent may run. */
export type Place = "kubernetes" | "docker" | "systemd";

const PLACEHOLDER = "https://kubewitness.example:8443";

/** In the cluster itself, with deploy/agent.yaml of an installation. */
function kubernetes({ made, credential }: Joining): string {
  const mode = credential === "agent" ? ' -e \'/KUBEWITNESS_AGENT_MODE/s/"gateway"/"agent"/\'' : "";
  return [
    "kubectl create namespace kubewitness",
    "kubectl --namespace kubewitness create secret generic kubewitness-agent-join \\",
    `  --from-literal=token=${made.token}`,
    `sed -e 's#${PLACEHOLDER}#${made.gateway}#'${mode} deploy/agent.yaml | kubectl apply -f -`,
  ].join("\n");
}

/** The agent takes host and port alone, which no shell reads otherwise. */
const variables = ({ made, endpoint, credential }: Joining): string[] => [
  `KUBEWITNESS_URL=${made.gateway}`,
  `KUBEWITNESS_JOIN_TOKEN=${made.token}`,
  `KUBERNETES_API_SERVER=${new URL(endpoint).origin}`,
  ...(credential === "agent" ? ["KUBEWITNESS_AGENT_MODE=agent"] : []),
];

/** With a folder of the user's own, which outlasts the container. */
function docker(joining: Joining): string {
  return [
    "mkdir --mode 700 kubewitness-agent",
    'docker run --detach --restart unless-stopped --user "$(id -u)" \\',
    '  --volume "$PWD/kubewitness-agent:/state" --env KUBEWITNESS_AGENT_STATE=/state \\',
    ...variables(joining).map((each) => `  --env ${each} \\`),
    "  kubewitness-agent:0.1.0",
  ].join("\n");
}

function systemd(joining: Joining): string {
  return [
    "# /etc/kubewitness-agent.env, readable by root alone",
    ...variables(joining),
    "",
    "# /etc/systemd/system/kubewitness-agent.service",
    "[Service]",
    "EnvironmentFile=/etc/kubewitness-agent.env",
    "Environment=KUBEWITNESS_AGENT_STATE=/var/lib/kubewitness-agent",
    "DynamicUser=yes",
    "StateDirectory=kubewitness-agent",
    "ExecStart=/usr/bin/node /opt/kubewitness-agent.mjs",
    "Restart=always",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ].join("\n");
}

/** What to run, or write, so that an agent joins. */
export function joinCommands(place: Place, joining: Joining): string {
  return { kubernetes, docker, systemd }[place](joining);
}
