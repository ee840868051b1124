import { parseDocument } from "yaml";
import { isSetting, type Setting } from "./setting.ts";
import { listSettings, type SettingValues, settings } from "./settings.ts";
import { showValue } from "./show-value.ts";
import { suggestName } from "./suggest-name.ts";
import { refuseUnknownVariables } from "./unknown-variables.ts";

/** What a start is refused for: one line a wrong setting. */
export class ConfigError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export interface SettingSources {
  env: Record<string, string | undefined>;
  /** The text of config.yaml and the name to call it by; undefined where there is none. */
  file?: { name: string; text: string };
}

type Group = Record<string, unknown>;

/** Reads every setting, environment over file over default. Throws a {@link ConfigError} that lists all that is wrong. */
export function readSettings({ env, file }: SettingSources): SettingValues {
  const problems: string[] = [];
  const inFile = file ? readFile(file, problems) : {};
  problems.push(...refuseUnknownVariables(env));
  const values = readTree(settings, (setting) => readSetting(setting, env, inFile, file?.name, problems));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as SettingValues;
}

/** Where a setting's value comes from: nothing that is changed while it runs counts against it. */
export type SettingSource = { kind: "environment" | "file"; name: string };

/** Which settings the environment or the file sets, by their names in the file. */
export function sourcesOfSettings({ env, file }: SettingSources): Record<string, SettingSource> {
  const inFile = file ? readFile(file, []) : {};
  const sourceOf = (setting: Setting<unknown>): SettingSource | null => {
    if (env[setting.env]) return { kind: "environment", name: setting.env };
    const got = valueAt(inFile, setting.yaml);
    return file && got !== undefined && got !== null ? { kind: "file", name: file.name } : null;
  };
  const named = listSettings().map((setting) => [setting.yaml, sourceOf(setting)] as const);
  return Object.fromEntries(named.filter((pair): pair is [string, SettingSource] => pair[1] !== null));
}

function readTree(tree: object, read: (setting: Setting<unknown>) => unknown): Group {
  return Object.fromEntries(
    Object.entries(tree).map(([key, node]) => [key, isSetting(node) ? read(node) : readTree(node, read)]),
  );
}

function readSetting(
  setting: Setting<unknown>,
  env: SettingSources["env"],
  inFile: Group,
  fileName: string | undefined,
  problems: string[],
): unknown {
  const fromEnvironment = env[setting.env] || undefined;
  const got = fromEnvironment ?? valueAt(inFile, setting.yaml);
  if (got === undefined || got === null) return setting.default;
  const parsed = setting.kind.schema.safeParse(got);
  if (parsed.success) return parsed.data;
  const origin = fromEnvironment === undefined ? (fileName ?? "the file") : "the environment";
  const whole = `${nameSetting(setting)} got ${showValue(setting, got)} from ${origin}: takes ${setting.kind.takes}${hint(got)}`;
  problems.push(...(setting.kind.explain?.(got, origin) ?? [whole]));
  return setting.default;
}

/** A setting's two names, as every message about it begins. */
export function nameSetting(setting: { yaml: string; env: string }): string {
  return `${setting.yaml} (${setting.env})`;
}

function hint(got: unknown): string {
  if (typeof got !== "string" || !/^(tcp|udp):\/\//.test(got)) return "";
  return " (Kubernetes sets this for a Service called kubewitness: set enableServiceLinks to false in the pod)";
}

function readFile(file: { name: string; text: string }, problems: string[]): Group {
  const document = parseDocument(file.text);
  const [error] = document.errors;
  if (error) {
    const { line = 0, col = 0 } = error.linePos?.[0] ?? {};
    problems.push(
      `${file.name}:${line}:${col} is not YAML: ${error.message.split("\n")[0]?.replace(/ at line.*/, "")}`,
    );
    return {};
  }
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (thrown) {
    problems.push(`${file.name} is not YAML that can be read: ${(thrown as Error).message}`);
    return {};
  }
  if (!isGroup(content)) {
    problems.push(`${file.name} got ${JSON.stringify(content)}: takes settings, such as "port: 3000"`);
    return {};
  }
  refuseUnknownKeys(content, "", file.name, problems);
  return content;
}

function refuseUnknownKeys(group: Group, prefix: string, fileName: string, problems: string[]): void {
  const known = listSettings().map((setting) => setting.yaml);
  for (const [key, value] of Object.entries(group)) {
    const name = prefix + key;
    if (known.includes(name)) continue;
    const inside = known.filter((candidate) => candidate.startsWith(`${name}.`));
    if (inside.length === 0)
      problems.push(`${name} in ${fileName} is not a setting${suggestName(name, known)}`);
    else if (isGroup(value)) refuseUnknownKeys(value, `${name}.`, fileName, problems);
    else if (value !== null) {
      problems.push(
        `${name} in ${fileName} got ${JSON.stringify(value)}: takes a group of settings (${inside.join(", ")})`,
      );
    }
  }
}

function valueAt(group: Group, path: string): unknown {
  return path.split(".").reduce<unknown>((node, key) => (isGroup(node) ? node[key] : undefined), group);
}

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
