import path from "node:path";
import { type Api, openApi } from "../http/api.ts";
import { chooseProfile } from "../kept/profiles.ts";
import { contextName, type Entry, entryOf, thisProgram } from "../kubeconfig/entries.ts";
import { mergeKubeconfig } from "../kubeconfig/merge.ts";
import { kubeconfigToWrite } from "../kubeconfig/place.ts";
import { changeKubeconfig } from "../kubeconfig/write.ts";
import { defineCommand } from "../program/command.ts";
import { Failure } from "../program/failure.ts";
import { usage } from "../program/parse-options.ts";
import { printJson } from "../terminal/print-json.ts";
import type { Gateway, Me } from "./answers.ts";
import { readDuration } from "./duration.ts";

export const command = defineCommand({
  about: "set kubectl up",
  details:
    "Puts a context CLUSTER@PROFILE for each cluster into the kubeconfig that kubectl uses (KUBECONFIG, else ~/.kube/config). What is there stays.\nWith --exec kubectl asks this program for the credential at each command, and no secret is in the file. Without it there is a token in it, which ends\nwith the sign-in at the latest.",
  arguments: [],
  options: {
    exec: { type: "boolean", about: "have kubectl ask this program for the credential" },
    cluster: {
      type: "string",
      multiple: true,
      value: "NAME",
      about: "this cluster; several times for several; else all",
      completes: "clusters",
    },
    file: {
      type: "string",
      short: "f",
      value: "FILE",
      about: "this file; - is standard output",
      completes: "files",
    },
    current: {
      type: "string",
      value: "CLUSTER",
      about: "have kubectl begin with this one",
      completes: "clusters",
    },
    lifetime: { type: "string", value: "TIME", about: "of the tokens, such as 8h; not with --exec" },
  },
  examples: [
    "kubewitness kubeconfig --exec",
    "kubewitness kubeconfig --exec --cluster prod --cluster staging --current prod",
    "kubewitness kubeconfig --lifetime 8h --file ci.kubeconfig",
  ],
  async run({ terminal, options }) {
    if (options.exec && options.lifetime !== undefined)
      throw usage("kubeconfig", "--lifetime is for tokens in the file: leave out --exec or --lifetime.");
    const profile = chooseProfile(terminal, options.profile);
    const api = openApi(terminal, profile.name);
    const clusters = await chooseClusters(api, options.cluster);
    if (options.current !== undefined) requireGranted([options.current], clusters, "current");
    const gateway = await api.json<Gateway>("/api/v1/gateway");
    const lifetimeMs =
      options.lifetime === undefined ? undefined : readDuration("kubeconfig", "lifetime", options.lifetime);
    const program = thisProgram(terminal);
    const entries: Entry[] = [];
    for (const cluster of clusters) {
      const token = options.exec ? undefined : await makeToken(api, cluster, lifetimeMs);
      entries.push(entryOf(gateway, { cluster, profile: profile.name, program, token }));
    }
    const current = options.current === undefined ? null : contextName(options.current, profile.name);
    if (options.file === "-") {
      await terminal.write(mergeKubeconfig({ file: "standard output", text: null }, entries, current));
      return undefined;
    }
    const file = options.file === undefined ? kubeconfigToWrite(terminal.env) : path.resolve(options.file);
    await changeKubeconfig(file, (text) => mergeKubeconfig({ file, text }, entries, current));
    const contexts = entries.map(({ name }) => name);
    if (options.output === "json") printJson(terminal, { file, contexts });
    else {
      for (const context of contexts) terminal.print(context);
      terminal.tell(`Written to ${file}. Next: kubectl --context ${contexts[0]} get pods`);
    }
    return undefined;
  },
});

/** @throws Failure for one that is not granted, or where none is. */
async function chooseClusters(api: Api, wanted: string[]): Promise<string[]> {
  const { clusters } = await api.json<Me>("/api/v1/me");
  const granted = clusters.map(({ name }) => name);
  if (granted.length === 0)
    throw new Failure(
      "refused",
      "No cluster is granted to you. Ask an administrator for a role on one, or see: kubewitness request",
    );
  requireGranted(wanted, granted, "cluster");
  return wanted.length > 0 ? [...new Set(wanted)] : granted;
}

function requireGranted(wanted: string[], granted: string[], option: string): void {
  const other = wanted.find((name) => !granted.includes(name));
  if (other !== undefined)
    throw new Failure("refused", `--${option} got ${JSON.stringify(other)}: takes ${granted.join(", ")}.`);
}

async function makeToken(api: Api, cluster: string, lifetimeMs: number | undefined): Promise<string> {
  const body = { name: `kubeconfig of ${cluster}`, cluster, lifetimeMs };
  return (await api.json<{ token: string }>("/api/v1/tokens", { body })).token;
}
