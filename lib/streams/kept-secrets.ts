import { isDeepStrictEqual } from "node:util";
import { AppError } from "../errors.ts";
import { findDestination } from "./destinations/schema.ts";
import { openStreamSecrets } from "./stored/secrets.ts";

interface Kept {
  id: string;
  kind: string;
  settings: unknown;
  secrets: Uint8Array | null;
}

interface Change {
  kind: string;
  settings: Record<string, unknown>;
  /** By name; null removes one. */
  change: Readonly<Record<string, string | null>>;
}

/**
 * The secrets of a stream after a change. What is kept goes to no other address, and to none that another authority vouches for:
 * whoever may set one could have it sent to themselves.
 * @throws AppError `invalid_argument` of a field `secrets.<name>` that has to be given again.
 */
export function keepSecrets(kept: Kept, { kind, settings, change }: Change): Record<string, string> {
  const secrets = kind === kept.kind ? openStreamSecrets(kept.id, kept.secrets) : {};
  const leftOut = Object.keys(secrets).find((name) => !(name in change));
  const moved = findMoved(kind, kept.settings as Record<string, unknown>, settings);
  if (leftOut !== undefined && moved !== undefined) {
    const takes = `it again, as ${moved} is another: what is kept goes only where it was given for`;
    throw new AppError("invalid_argument", `secrets.${leftOut}: takes ${takes}`, {
      details: [{ field: `secrets.${leftOut}`, takes }],
    });
  }
  const merged: Record<string, string | null> = { ...secrets, ...change };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** By whose word a receiver is who it says: another one may vouch for another receiver at the same address. */
const AUTHORITY_FIELD = "ca";

/** The setting that says where it goes, or who vouches for that, and is another now. */
function findMoved(
  kind: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): string | undefined {
  const described = findDestination(kind);
  // As they are kept: what is none of its kind's settings is refused anyway.
  const read = described?.settings.safeParse(after);
  const set = read?.success ? (read.data as Record<string, unknown>) : after;
  const fields = [...(described?.addressFields ?? []), AUTHORITY_FIELD];
  return fields.find((field) => !isDeepStrictEqual(before[field], set[field]));
}
