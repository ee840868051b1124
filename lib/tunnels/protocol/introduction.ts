import type { IncomingHttpHeaders } from "node:http";
import { type CredentialMode, isCredentialMode } from "./api-server-stream.ts";

/** What an agent says of itself in the head of its connection's request. Its name and cluster are those of its joining. */
export interface AgentIntroduction {
  /** Names this process among those that share one certificate: of a Deployment's pods, say. 1 to 63 characters as {@link isAgentName}. */
  instance: string;
  version: string;
  tags: string[];
  credential: CredentialMode;
  /** Hubs that it holds a connection to already. One of them answers 409: the agent dials again, for another replica. */
  connected: string[];
}

/** A hub's own id and those of the replicas alive, itself among them, in the head of the 101, and of the 409. */
export interface HubIntroduction {
  hub: string;
  hubs: string[];
}

export const MOST_TAGS = 16;
export const MOST_HUBS = 64;
const TAG = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const HUB = /^[A-Za-z0-9-]{1,64}$/;
const VERSION = /^[\x21-\x7e]{1,64}$/;

/** A tag of an agent: as a value of a Kubernetes label, and not empty. */
export const isTag = (text: string): boolean => TAG.test(text);

/** Why an introduction is none, in words for the agent's log. */
export class IntroductionError extends Error {
  override name = "IntroductionError";
}

/** As headers, for `http.request`. */
export function agentHeaders(introduction: AgentIntroduction): Record<string, string> {
  const { instance, version, tags, credential, connected } = introduction;
  return {
    "Kubewitness-Agent-Instance": instance,
    "Kubewitness-Agent-Version": version,
    "Kubewitness-Agent-Tags": tags.join(","),
    "Kubewitness-Agent-Credential": credential,
    "Kubewitness-Agent-Connected": connected.join(","),
  };
}

/** @throws IntroductionError that names the header. */
export function readAgentHeaders(headers: IncomingHttpHeaders): AgentIntroduction {
  const instance = text(headers, "kubewitness-agent-instance");
  const version = text(headers, "kubewitness-agent-version");
  const credential = text(headers, "kubewitness-agent-credential");
  if (!TAG.test(instance))
    throw refused("Kubewitness-Agent-Instance", instance, "1 to 63 letters, digits, . _ -");
  if (!VERSION.test(version))
    throw refused("Kubewitness-Agent-Version", version, "1 to 64 visible characters");
  if (!isCredentialMode(credential)) {
    throw refused("Kubewitness-Agent-Credential", credential, "gateway or agent");
  }
  return {
    instance,
    version,
    credential,
    tags: list(headers, "kubewitness-agent-tags", { form: TAG, most: MOST_TAGS }),
    connected: list(headers, "kubewitness-agent-connected", { form: HUB, most: MOST_HUBS }),
  };
}

/** As headers of the 101. */
export function hubHeaders({ hub, hubs }: HubIntroduction): Record<string, string> {
  return { "Kubewitness-Hub": hub, "Kubewitness-Hubs": hubs.slice(0, MOST_HUBS).join(",") };
}

/** @throws IntroductionError that names the header. */
export function readHubHeaders(headers: IncomingHttpHeaders): HubIntroduction {
  const hub = text(headers, "kubewitness-hub");
  if (!HUB.test(hub)) throw refused("Kubewitness-Hub", hub, "the id of a hub");
  return { hub, hubs: list(headers, "kubewitness-hubs", { form: HUB, most: MOST_HUBS }) };
}

function text(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

function list(
  headers: IncomingHttpHeaders,
  name: string,
  { form, most }: { form: RegExp; most: number },
): string[] {
  const value = text(headers, name);
  const items = value === "" ? [] : value.split(",").map((item) => item.trim());
  if (items.length > most) throw refused(name, `${items.length} of them`, `at most ${most}`);
  const wrong = items.find((item) => !form.test(item));
  if (wrong !== undefined)
    throw refused(name, wrong, "1 to 63 letters, digits, . _ - each, with commas between");
  return [...new Set(items)];
}

function refused(header: string, got: string, takes: string): IntroductionError {
  return new IntroductionError(`${header} got ${JSON.stringify(got.slice(0, 80))}: takes ${takes}`);
}
