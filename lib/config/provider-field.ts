import type { Setting } from "./setting.ts";

/** One field of an entry of `providers`: the part of a setting that does not say where it stands. */
export type ProviderField<T> = Pick<Setting<T>, "kind" | "default" | "secret">;

/** The values of fields. */
export type FieldValues<T> = { [K in keyof T]: T[K] extends ProviderField<infer V> ? V : never };
