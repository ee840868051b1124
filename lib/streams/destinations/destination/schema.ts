import type { z } from "zod";

// Browser-safe: the form is made of it.

/** A field of a kind's form. `name` is that of its schema. */
export interface DestinationField {
  name: string;
  label: string;
  /** What it takes, beneath the field. */
  hint?: string;
  /** `lines`: text of several lines, such as a certificate. */
  input: "text" | "number" | "switch" | "choice" | "lines";
  choices?: readonly { value: string; label: string }[];
  placeholder?: string;
  /** Shown when asked for. */
  advanced?: boolean;
}

/** A kind as forms and checks know it. */
export interface DestinationDescription<
  Settings extends z.ZodType = z.ZodType,
  Secrets extends z.ZodType = z.ZodType,
> {
  kind: string;
  title: string;
  /** A sentence for the choice of kinds. */
  about: string;
  /** Strict objects. Nothing in `settings` is secret: views, events and the form show it. */
  settings: Settings;
  /** Sealed when they are kept, never told again. */
  secrets: Secrets;
  settingsFields: readonly DestinationField[];
  secretFields: readonly DestinationField[];
  /** Settings that say where it goes: where one changes, secrets are to be given again, as none is sent elsewhere than it was given for. */
  addressFields: readonly string[];
  /** Settings that together are one stream's own, the one that is easiest to change last: what it writes there another would overwrite. */
  placeFields?: readonly string[];
  /** What a batch is bounded by unless the stream says otherwise. */
  batch: { records: number; bytes: number; seconds: number };
}

/** Keeps the types of a kind's schemas. */
export function describeDestination<Settings extends z.ZodType, Secrets extends z.ZodType>(
  description: DestinationDescription<Settings, Secrets>,
): DestinationDescription<Settings, Secrets> {
  return description;
}
