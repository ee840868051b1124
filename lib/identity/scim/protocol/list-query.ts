import { ScimError } from "./scim-error.ts";

/** What a list is asked for (RFC 7644, section 3.4.2). */
export interface ListQuery {
  filter: string | null;
  /** From 1. */
  startIndex: number;
  count: number;
  sortBy: string | null;
  descending: boolean;
  projection: Projection;
}

/** Which attributes are answered (section 3.9), by lower-case names; null: not asked. */
export interface Projection {
  only: ReadonlySet<string> | null;
  without: ReadonlySet<string>;
}

/** So many resources are answered at once. */
export const MOST_RESOURCES = 200;
const LARGEST_INDEX = 10_000_000;

/** Reads the query string of a list. @throws ScimError `invalidValue` */
export function readListQuery(search: URLSearchParams): ListQuery {
  return {
    filter: search.get("filter"),
    startIndex: Math.max(1, readNumber(search, "startIndex") ?? 1),
    count: Math.min(MOST_RESOURCES, Math.max(0, readNumber(search, "count") ?? 100)),
    sortBy: search.get("sortBy"),
    descending: search.get("sortOrder")?.toLowerCase() === "descending",
    projection: readProjection(search),
  };
}

export function readProjection(search: URLSearchParams): Projection {
  const only = search.get("attributes");
  return { only: only ? namesOf(only) : null, without: namesOf(search.get("excludedAttributes") ?? "") };
}

/** Names without their schema; of a sub-attribute the attribute that it is in. */
function namesOf(text: string): Set<string> {
  const names = text.split(",").map((name) => name.trim().replace(/^urn:[^,]*:/i, ""));
  return new Set(names.filter(Boolean).map((name) => name.split(".")[0]!.toLowerCase()));
}

export const isAsked = ({ only, without }: Projection, name: string): boolean =>
  only ? only.has(name.toLowerCase()) : !without.has(name.toLowerCase());

function readNumber(search: URLSearchParams, name: string): number | null {
  const text = search.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (/^-?\d{1,9}$/.test(text) && value <= LARGEST_INDEX) return value;
  throw new ScimError(
    400,
    "invalidValue",
    `${name}: got ${JSON.stringify(text.slice(0, 40))}; takes a whole number`,
  );
}

const ALWAYS = new Set(["schemas", "id"]);

/** The resource with the attributes that are asked for. */
export function project<R extends object>(resource: R, projection: Projection): Partial<R> {
  const kept = Object.entries(resource).filter(([name]) => ALWAYS.has(name) || isAsked(projection, name));
  return Object.fromEntries(kept) as Partial<R>;
}
