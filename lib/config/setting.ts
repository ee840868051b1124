import type { ValueKind } from "./values.ts";

/** One setting: where it is written, what it takes, what it means. docs/configuration.md is checked against these. */
export interface Setting<T> {
  /** Its place in config.yaml, dots between levels. */
  yaml: string;
  env: string;
  kind: ValueKind<T>;
  default: T;
  /** The default in words where the value does not say it. */
  defaultText?: string;
  meaning: string;
  /** Its value is never shown. */
  secret?: boolean;
  /** An administrator may change it while the process runs, where neither the file nor the environment sets it. Read it at each use. */
  changeable?: boolean;
  /** Of a changeable one: what counts while the value that was set does not count any more, where the default would permit or lose more. */
  ifUnreadable?: T;
}

type Optional = string | null;

export function setting<T>(definition: Setting<T>): Setting<T> {
  return definition;
}

/** A setting without a default: null where it is not set. */
export function optional(definition: Omit<Setting<string>, "default">): Setting<Optional> {
  return { ...(definition as unknown as Omit<Setting<Optional>, "default">), default: null };
}

/** The values of a tree of settings. */
export type ValuesOf<T> = T extends Setting<infer V> ? V : { [K in keyof T]: ValuesOf<T[K]> };

export function isSetting(node: unknown): node is Setting<unknown> {
  return typeof node === "object" && node !== null && "kind" in node && "yaml" in node;
}
