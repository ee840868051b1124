import { hostname } from "node:os";
import type { CredentialMode } from "../../lib/tunnels/protocol/api-server-stream.ts";
import { type JoinToken, parseJoinToken } from "../../lib/tunnels/protocol/join-token.ts";
import { isAgentName } from "../../lib/tunnels/protocol/joining.ts";
import { type ApiServerSettings, readApiServer } from "./api-server.ts";
import { choiceOf, type Environment, numberOf, textOf, wrongSetting } from "./environment.ts";
import { readListenAddress } from "./listen-address.ts";
import { type ProxySettings, readProxy } from "./proxy.ts";
import { readState, type StateSettings } from "./state.ts";
import { readTags } from "./tags.ts";

/** What the agent is told at its start; `README.md` has the variables. */
export interface Settings {
  gateway: GatewayAddress;
  /** Asked for once; null where the agent has joined before. */
  joinToken: JoinToken | null;
  /** What it wants to be called; null: what the token or the gateway says. */
  name: string | null;
  /** Names this process among those that share one identity. */
  instance: string;
  tags: string[];
  mode: CredentialMode;
  apiServer: ApiServerSettings;
  state: StateSettings;
  listen: { host: string; port: number };
  /** How long calls under way may take to end once the agent is asked to stop, seconds. */
  drainSeconds: number;
}

/** The gateway's port as this agent dials it. */
export interface GatewayAddress {
  /** A name, or an IP address without brackets. */
  host: string;
  port: number;
  proxy: ProxySettings | null;
}

/** Reads the environment. @throws AgentError that names the variable, what it got and what it takes. */
export function readSettings(environment: Environment): Settings {
  const apiServer = readApiServer(environment);
  return {
    gateway: readGateway(environment),
    joinToken: readJoinToken(environment),
    name: readName(environment),
    instance: instanceOf(hostname()),
    tags: readTags(environment),
    mode: choiceOf(environment, "KUBEWITNESS_AGENT_MODE", ["gateway", "agent"]),
    apiServer,
    state: readState(environment, apiServer.namespace),
    listen: readListenAddress(environment),
    drainSeconds: numberOf(environment, "KUBEWITNESS_AGENT_DRAIN_SECONDS", {
      least: 0,
      most: 3_600,
      unset: 60,
    }),
  };
}

function readGateway(environment: Environment): GatewayAddress {
  const takes =
    "the gateway's address, https://host:port, without a path: that of kubeconfigs, not of the console";
  const text = textOf(environment, "KUBEWITNESS_URL");
  if (text === null) throw wrongSetting("KUBEWITNESS_URL", { takes: `${takes}; it is not set` });
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw wrongSetting("KUBEWITNESS_URL", { got: text, takes });
  }
  const address = { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 443) };
  return { ...address, proxy: readProxy(environment, address) };
}

function readJoinToken(environment: Environment): JoinToken | null {
  const text = textOf(environment, "KUBEWITNESS_JOIN_TOKEN");
  if (text === null) return null;
  const token = parseJoinToken(text);
  if (token !== null) return token;
  // What it got may be most of a secret.
  throw wrongSetting("KUBEWITNESS_JOIN_TOKEN", {
    takes: `a join token whole, as the page Agents shows it: kwj_ and 43 or 87 characters; it got ${text.length} characters`,
  });
}

function readName(environment: Environment): string | null {
  const text = textOf(environment, "KUBEWITNESS_AGENT_NAME");
  if (text === null || isAgentName(text)) return text;
  const takes = "1 to 63 letters, digits, . _ - with a letter or digit at both ends";
  throw wrongSetting("KUBEWITNESS_AGENT_NAME", { got: text, takes });
}

/** A host's name, of which every character may be in a header. */
function instanceOf(host: string): string {
  const name = host
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .slice(0, 63)
    .replace(/^[._-]+|[._-]+$/g, "");
  return name === "" ? "agent" : name;
}
