import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { demoHost, isDemo, refuseBesideDemo, signsOfReality } from "./demo.ts";
import type { ProviderConfig } from "./provider-entry.ts";
import { configuredProviders, missingOidc, refuseAlikeProviders } from "./providers.ts";
import {
  ConfigError,
  nameSetting,
  readSettings,
  type SettingSource,
  sourcesOfSettings,
} from "./read-settings.ts";
import { formerSecrets, keptSecret } from "./secrets.ts";
import { type SettingValues, settings } from "./settings.ts";

/** What the application runs with: every setting in its final form. Sizes are bytes, `…Ms` milliseconds. */
export interface Config
  extends Omit<
    SettingValues,
    "publicUrl" | "kubePublicUrl" | "auth" | "encryption" | "oidc" | "providers" | "tls" | "log" | "demo"
  > {
  /** Origins, without a trailing slash. */
  publicUrl: string;
  kubePublicUrl: string;
  /** Absolute. The demo's is the folder `demo` of the one that is set: what it keeps is never a real installation's. */
  data: string;
  auth: { secret: string };
  /** 32 bytes each. What was sealed with a former key is opened with it. */
  encryption: { key: Buffer; formerKeys: readonly Buffer[] };
  /** The encryption key is the installation's own, in data/secrets. */
  encryptionKeyIsKept: boolean;
  /** The ways to sign in, at least one; none in the demo until its identity provider runs. */
  providers: ProviderConfig[];
  /** PEM files; null: the installation's own authority signs. */
  tls: { certificate: string; key: string } | null;
  demo: boolean;
  log: { level: NonNullable<SettingValues["log"]["level"]> };
  /** The settings that the environment or the file sets, by name: they are not changed while it runs. */
  sources: Record<string, SettingSource>;
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
  const file = readConfigFile(env, cwd);
  const values = readSettings({ env, file });
  const demo = isDemo(values, sources);
  refuseContradictions(values, demo ? refuseBesideDemo(values, sources) : missingSignIn(values, sources));
  const data = path.resolve(cwd, values.data, demo ? "demo" : ".");
  const { certificate, key } = values.tls;
  const { oidc: _, ...settled } = values;
  const { directory } = values.recordings;
  return {
    ...settled,
    data,
    demo,
    sources: sourcesOfSettings({ env, file }),
    host: demo ? demoHost(values.host) : values.host,
    // Whoever tries the demo reads a terminal: what to do next must not stand among lines for machines.
    log: { level: values.log.level ?? (demo ? "warn" : "info") },
    development: env.NODE_ENV === "development",
    publicUrl: values.publicUrl ?? `http://localhost:${values.port}`,
    kubePublicUrl: values.kubePublicUrl ?? `https://localhost:${values.kubePort}`,
    auth: { secret: values.auth.secret ?? keptSecret(data, "auth") },
    encryption: readEncryption(values.encryption, data),
    encryptionKeyIsKept: values.encryption.key === null,
    providers: configuredProviders(values),
    tls:
      certificate && key
        ? { certificate: path.resolve(cwd, certificate), key: path.resolve(cwd, key) }
        : null,
    recordings: {
      ...values.recordings,
      directory: directory === null ? null : path.resolve(cwd, directory),
    },
  };
}

function readEncryption(
  { key, formerKeys }: SettingValues["encryption"],
  data: string,
): Config["encryption"] {
  const ofBase64 = (text: string) => Buffer.from(text, "base64");
  return {
    key: ofBase64(key ?? keptSecret(data, "encryption")),
    formerKeys: [...formerKeys, ...formerSecrets(data, "encryption")].map(ofBase64),
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

function refuseContradictions(values: SettingValues, others: string[]): void {
  const problems = [
    ...others,
    ...missingTlsFiles(values),
    ...missingOfStore(values),
    ...refuseAlikeProviders(values),
  ];
  if (values.port === values.kubePort) {
    problems.push(
      `${nameSetting(settings.kubePort)} got ${values.kubePort}: takes another port than ${nameSetting(settings.port)}`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

function missingSignIn(values: SettingValues, sources: ConfigSources): string[] {
  const lines = missingOidc(values);
  if (lines.length === 0 || values.demo === false) return lines;
  const signs = signsOfReality(values, sources).join(", ");
  return [
    ...lines,
    `${nameSetting(settings.demo)} is not set: the demo starts by itself only without ${signs}`,
  ];
}

/** What the place needs that recordings are to be kept in. */
function missingOfStore({ recordings }: SettingValues): string[] {
  const { store, directory, bucket } = recordings;
  const { directory: folder, bucket: inBucket } = settings.recordings;
  const needed =
    store === "directory"
      ? [{ setting: folder, value: directory }]
      : store === "bucket"
        ? (["endpoint", "name", "accessKey", "secretKey"] as const).map((key) => ({
            setting: inBucket[key],
            value: bucket[key],
          }))
        : [];
  return needed.flatMap(({ setting, value }) =>
    value === null
      ? [`${nameSetting(setting)} is not set: takes ${setting.kind.takes}, for recordings.store: ${store}`]
      : [],
  );
}

function missingTlsFiles({ tls }: SettingValues): string[] {
  const given = (["certificate", "key"] as const).filter((name) => tls[name] !== null);
  const missing = (["certificate", "key"] as const).filter((name) => tls[name] === null);
  if (given.length === 0) return [];
  return missing.map(
    (name) => `${nameSetting(settings.tls[name])} is not set: takes ${settings.tls[name].kind.takes}`,
  );
}
