import { isDeepStrictEqual } from "node:util";
import type { Transaction } from "../db/client.ts";
import { AppError } from "../errors.ts";
import { showValue } from "../names/shown-value.ts";
import { findDestination } from "./destinations/schema.ts";

interface Placed {
  id: string;
  kind: string;
  settings: Readonly<Record<string, unknown>>;
}

/** Two streams that keep what they write in one place would overwrite each other's. @throws AppError `invalid_argument` of a field `settings.<name>`. */
export async function requirePlaceOfItsOwn(
  tx: Pick<Transaction, "stream">,
  { id, kind, settings }: Placed,
): Promise<void> {
  const fields = findDestination(kind)?.placeFields;
  if (!fields) return;
  const others = await tx.stream.findMany({
    where: { kind, id: { not: id } },
    select: { name: true, settings: true },
  });
  const there = others.find((other) => {
    const set = other.settings as Record<string, unknown>;
    return fields.every((field) => isDeepStrictEqual(set[field], settings[field]));
  });
  if (!there) return;
  const field = `settings.${fields.at(-1)}`;
  const got = showValue(settings[fields.at(-1)!]);
  const takes = `another one, as the stream ${there.name} writes there`;
  throw new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}
