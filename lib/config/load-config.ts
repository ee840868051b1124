import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { demoHost, isDemo, refuseBesideDemo, signsOfReality } from "./demo.ts";
import { ConfigError, nameSetting, readSettings } from "./read-settings.ts";
import { keptSecret } from "./secrets.ts";
import { type SettingValues, settings } from "./settings.ts";

/** How people sign in; every part is there. */
export interface OidcConfig {
  issuer: string;
  /** Of the provider that this one replaces, whose people it may vouch for; null: it replaces none. */
  formerIssuer: string | null;
  clientId: string;
  clientSecret: string;
  /** Null: what the provider lists. */
  scopes: string | null;
  groupsClaim: string;
  administratorGroups: string[];
  auditorGroups: string[];
}

/** What the application runs with: every setting in its final form. Sizes are bytes, `…Ms` milliseconds. */
export interface Config
  extends Omit<
    SettingValues,
    "publicUrl" | "kubePublicUrl" | "auth" | "encryption" | "oidc" | "tls" | "log" | "demo"
  > {
  /** Origins, without a trailing slash. */
  publicUrl: string;
  kubePublicUrl: string;
  /** Absolute. The demo's is the folder `demo` of the one that is set: what it keeps is never a real installation's. */
  data: string;
  auth: { secret: string };
  /** 32 bytes. */
  encryption: { key: Buffer };
  /** Null in the demo until its identity provider runs. */
  oidc: OidcConfig | null;
  /** PEM files; null: the installation's own authority signs. */
  tls: { certificate: string; key: string } | null;
  demo: boolean;
  log: { level: NonNullable<SettingValues["log"]["level"]> };
  /** Next's development server instead of the build (`npm run dev`). */
  development: boolean;
}

export interface ConfigSources {
  env: Record<string, string | undefined>;
  /** What relative paths start from, and where config.yaml is looked for. */
  cwd: string;
  /** The file of --kubeconfig, whose clusters are real ones. */
  kubeconfig?: string;
}

/**
 * Reads config.yaml (or the file that KUBEWITNESS_CONFIG names) and the environment, which wins. Throws a
 * {@link ConfigError} with one line a wrong setting: its names, what it got, what it takes. Makes the secrets that are
 * kept in the data folder where they are neither set nor made yet.
 */
export function loadConfig(sources: ConfigSources): Config {
  const { env, cwd } = sources;
  const values = readSettings({ env, file: readConfigFile(env, cwd) });
  const demo = isDemo(values, sources);
  refuseContradictions(values, demo ? refuseBesideDemo(values, sources) : missingOidc(values, sources));
  const data = path.resolve(cwd, values.data, demo ? "demo" : ".");
  const { certificate, key } = values.tls;
  return {
    ...values,
    data,
    demo,
    host: demo ? demoHost(values.host) : values.host,
    // Whoever tries the demo reads a terminal: what to do next must not stand among lines for machines.
    log: { level: values.log.level ?? (demo ? "warn" : "info") },
    development: env.NODE_ENV === "development",
    publicUrl: values.publicUrl ?? `http://localhost:${values.port}`,
    kubePublicUrl: values.kubePublicUrl ?? `https://localhost:${values.kubePort}`,
    auth: { secret: values.auth.secret ?? keptSecret(data, "auth") },
    encryption: { key: Buffer.from(values.encryption.key ?? keptSecret(data, "encryption"), "base64") },
    oidc: completeOidc(values.oidc),
    tls:
      certificate && key
        ? { certificate: path.resolve(cwd, certificate), key: path.resolve(cwd, key) }
        : null,
  };
}

function readConfigFile(env: ConfigSources["env"], cwd: string): { name: string; text: string } | undefined {
  const named = env.KUBEWITNESS_CONFIG || undefined;
  const file = path.resolve(cwd, named ?? "config.yaml");
  if (existsSync(/* turbopackIgnore: true */ file))
    return { name: named ?? "config.yaml", text: readFileSync(/* turbopackIgnore: true */ file, "utf8") };
  if (named)
    throw new ConfigError([
      `KUBEWITNESS_CONFIG got ${JSON.stringify(named)}: takes the path of a YAML file that exists`,
    ]);
  return undefined;
}

function completeOidc(oidc: SettingValues["oidc"]): OidcConfig | null {
  const { issuer, clientId, clientSecret, ...rest } = oidc;
  return issuer && clientId && clientSecret ? { ...rest, issuer, clientId, clientSecret } : null;
}

function refuseContradictions(values: SettingValues, others: string[]): void {
  const problems = [...others, ...missingTlsFiles(values)];
  if (values.port === values.kubePort) {
    problems.push(
      `${nameSetting(settings.kubePort)} got ${values.kubePort}: takes another port than ${nameSetting(settings.port)}`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

function missingOidc(values: SettingValues, sources: ConfigSources): string[] {
  const needed = ["issuer", "clientId", "clientSecret"] as const;
  const missing = needed.filter((name) => values.oidc[name] === null).map((name) => settings.oidc[name]);
  const lines = missing.map((setting) => `${nameSetting(setting)} is not set: takes ${setting.kind.takes}`);
  if (lines.length === 0 || values.demo === false) return lines;
  const signs = signsOfReality(values, sources).join(", ");
  return [
    ...lines,
    `${nameSetting(settings.demo)} is not set: the demo starts by itself only without ${signs}`,
  ];
}

function missingTlsFiles({ tls }: SettingValues): string[] {
  const given = (["certificate", "key"] as const).filter((name) => tls[name] !== null);
  const missing = (["certificate", "key"] as const).filter((name) => tls[name] === null);
  if (given.length === 0) return [];
  return missing.map(
    (name) => `${nameSetting(settings.tls[name])} is not set: takes ${settings.tls[name].kind.takes}`,
  );
}
