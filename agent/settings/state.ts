import { homedir } from "node:os";
import path from "node:path";
import { type Environment, textOf, wrongSetting } from "./environment.ts";

/** Where key and certificate are kept: a folder of this machine, or a Secret of the cluster, which pods share. */
export type StateSettings =
  | { kind: "folder"; path: string }
  | { kind: "secret"; namespace: string; name: string };

const SECRET = /^secret:(?:([a-z0-9-]{1,63})\/)?([a-z0-9.-]{1,253})$/;

/** `KUBEWITNESS_AGENT_STATE`; unset: a Secret within Kubernetes, a folder of the user's elsewhere. */
export function readState(environment: Environment, namespace: string | null): StateSettings {
  const text =
    textOf(environment, "KUBEWITNESS_AGENT_STATE") ??
    (namespace === null ? null : "secret:kubewitness-agent");
  if (text === null) return { kind: "folder", path: defaultFolder(environment) };
  if (!text.startsWith("secret:")) return { kind: "folder", path: path.resolve(text) };
  const [, given, name] = SECRET.exec(text) ?? [];
  const within = given ?? namespace;
  if (name === undefined || within === null) {
    const takes = "the path of a folder, secret:name in the pod's own namespace, or secret:namespace/name";
    throw wrongSetting("KUBEWITNESS_AGENT_STATE", { got: text, takes });
  }
  return { kind: "secret", namespace: within, name };
}

/** As the XDG Base Directory Specification says for what is to outlast a restart. */
function defaultFolder(environment: Environment): string {
  const state = textOf(environment, "XDG_STATE_HOME") ?? path.join(homedir(), ".local", "state");
  return path.join(state, "kubewitness-agent");
}
