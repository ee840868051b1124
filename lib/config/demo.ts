import { isDeepStrictEqual } from "node:util";
import { nameSetting } from "./read-settings.ts";
import { isSetting, type Setting } from "./setting.ts";
import { type SettingValues, settings } from "./settings.ts";
import { realInstallationVariables } from "./unknown-variables.ts";

// The demo signs people in without a password. It starts by itself only where nothing says that this is a real installation: one
// misspelt or missing setting must not put it beside real clusters, nor where others reach it.

/** Set by a real installation that others reach: not even a demo that is asked for by name starts beside one of these. */
const NEVER_BESIDE: readonly object[] = [
  ...[settings.publicUrl, settings.kubePublicUrl, settings.trustedProxies, settings.providers],
  settings.local.firstVisit,
  ...Object.values(settings.oidc),
];
/** Set by a real installation: beside one of these the demo starts only where it is asked for by name. */
const ASKED_BESIDE: readonly object[] = [
  ...[settings.host, settings.database.url, settings.auth.secret, settings.encryption.key],
  ...[...Object.values(settings.tls), ...Object.values(settings.clusters)],
];

export interface DemoSources {
  env: Record<string, string | undefined>;
  /** The file of --kubeconfig: real clusters. */
  kubeconfig?: string;
}

/** Whether this start is the demo: what `demo` says, else whether nothing of a real installation is set. */
export function isDemo(values: SettingValues, sources: DemoSources): boolean {
  return values.demo ?? signsOfReality(values, sources).length === 0;
}

/** What is set that a demo has not, as messages name it. */
export function signsOfReality(values: SettingValues, { env, kubeconfig }: DemoSources): string[] {
  const set = setAmong([...ASKED_BESIDE, ...NEVER_BESIDE], values).map(nameSetting);
  const variables = realInstallationVariables(env).filter((name) => !set.some((text) => text.includes(name)));
  return [...set, ...variables, ...(kubeconfig === undefined ? [] : ["--kubeconfig"])];
}

/** One line for each thing that is set and that not even a demo that was asked for has beside it. */
export function refuseBesideDemo(values: SettingValues, { kubeconfig }: DemoSources): string[] {
  return [
    ...setAmong(NEVER_BESIDE, values).map(nameSetting),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig"]),
  ].map((other) => `${nameSetting(settings.demo)} got true with ${other} set: takes one of the two`);
}

/** The demo's address: `host` where it is loopback, else localhost. */
export function demoHost(host: string): string {
  return isLoopback(host) ? host : "localhost";
}

const isLoopback = (host: string) => ["localhost", "::1"].includes(host) || /^127(\.\d{1,3}){3}$/.test(host);

/** Those of `wanted` that have another value than their default; a `host` that is loopback is the default's like. */
function setAmong(wanted: readonly object[], values: SettingValues): Setting<unknown>[] {
  return pairs(settings, values)
    .filter(([setting, value]) => wanted.includes(setting) && !isDeepStrictEqual(value, setting.default))
    .filter(([setting, value]) => setting !== settings.host || !isLoopback(String(value)))
    .map(([setting]) => setting);
}

function pairs(tree: object, values: unknown): [Setting<unknown>, unknown][] {
  return Object.entries(tree).flatMap(([key, node]): [Setting<unknown>, unknown][] => {
    const value = typeof values === "object" && values !== null ? Reflect.get(values, key) : undefined;
    return isSetting(node) ? [[node, value]] : pairs(node, value);
  });
}
