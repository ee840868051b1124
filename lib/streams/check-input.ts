import type { z } from "zod";
import { comparisonsOf, resolveFilter } from "../audit/query/compile.ts";
import type { AuditScope } from "../audit/query/scope.ts";
import type { RunSql } from "../audit/store/sql.ts";
import { AppError } from "../errors.ts";
import { findField } from "../filter/fields.ts";
import { parseFilter } from "../filter/parse.ts";
import type { FilterNode } from "../filter/tree.ts";
import { showValue } from "../names/shown-value.ts";
import type { DestinationKind } from "./destinations/destination/destination.ts";
import { DESTINATION_KINDS } from "./destinations/registry.ts";
import { findDestination } from "./destinations/schema.ts";
import type { SurfaceChoice, SurfaceChoices } from "./stored/schema.ts";
import { StreamSurface } from "./surfaces/schema.ts";
import { SOURCES } from "./surfaces/sources.ts";

/** What a kind makes of settings and secrets. */
export interface CheckedDestination {
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}

/**
 * Checks what a kind of destination is set to, by its own schemas and rules.
 * @throws AppError `invalid_argument` of the fields `settings.<name>` and `secrets.<name>`.
 */
export async function checkDestination(
  kind: string,
  { settings, secrets }: CheckedDestination,
): Promise<CheckedDestination> {
  const described = findDestination(kind);
  if (!described) throw refuse("kind", kind, "a kind of destination");
  const checked = parse(described.settings, "settings", settings) as Record<string, unknown>;
  const sealed = parse(described.secrets, "secrets", secrets) as Record<string, string | undefined>;
  const opener = DESTINATION_KINDS[kind] as DestinationKind<unknown, unknown> | undefined;
  await opener?.check?.(checked);
  const set = Object.entries(sealed).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return { settings: checked, secrets: Object.fromEntries(set) };
}

/** Those that its kind makes where they are not given. */
export function makeSecrets(kind: string, given: Readonly<Record<string, string>>): Record<string, string> {
  const opener = DESTINATION_KINDS[kind] as DestinationKind<unknown, unknown> | undefined;
  return opener?.makeSecrets?.(given) ?? {};
}

function parse(schema: z.ZodType, field: "settings" | "secrets", value: unknown): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const details = read.error.issues.map(({ path, message }) => ({
    field: [field, ...path].join("."),
    // What a secret was is not told.
    got: field === "secrets" ? "a secret" : showValue(valueAt(value, path)),
    takes: message.replace(/^takes /, ""),
  }));
  const [first] = details;
  throw new AppError("invalid_argument", `${first!.field}: takes ${first!.takes}`, { details });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/**
 * Checks the filters and the fields left out.
 * @throws AppError `invalid_argument` of the field `surfaces.<surface>.filter` or `.leaveOut`.
 */
export async function checkSurfaces(
  run: RunSql,
  scope: AuditScope,
  surfaces: SurfaceChoices,
): Promise<SurfaceChoices> {
  for (const surface of StreamSurface.options) {
    const choice = surfaces[surface];
    if (choice) await checkChoice(run, scope, { surface, choice });
  }
  return surfaces;
}

async function checkChoice(
  run: RunSql,
  scope: AuditScope,
  { surface: name, choice }: { surface: StreamSurface; choice: SurfaceChoice },
): Promise<void> {
  const { surface, told } = SOURCES[name];
  const field = `surfaces.${name}`;
  const parsed = parseFilter(choice.filter, surface.fields);
  if (!parsed.ok) {
    const { message, start, end, expected } = parsed.error;
    throw new AppError("invalid_argument", `${field}.filter, character ${start + 1}: ${message}`, {
      details: [
        {
          field: `${field}.filter`,
          got: choice.filter.slice(start, end),
          takes: expected.slice(0, 12).join(", "),
          range: { start, end },
        },
      ],
    });
  }
  await checkFilter(run, scope, { name, filter: parsed.filter, text: choice.filter });
  const unknown = choice.leaveOut.find((key) => key === "no" || !told.includes(key));
  if (unknown !== undefined)
    throw refuse(
      `${field}.leaveOut`,
      unknown,
      `fields of its entries but no: ${told.filter((key) => key !== "no").join(", ")}`,
    );
}

/** A search across what sessions showed would be asked of each page anew. */
async function checkFilter(
  run: RunSql,
  scope: AuditScope,
  { name, filter, text }: { name: StreamSurface; filter: FilterNode | null; text: string },
): Promise<void> {
  const { surface } = SOURCES[name];
  for (const { field } of comparisonsOf(filter)) {
    const found = findField(surface.fields, field);
    if (found && surface.columns[found.name]?.holds === "recordingText")
      throw refuse(
        `surfaces.${name}.filter`,
        text,
        `a filter without ${field}: what sessions showed is searched on the page`,
      );
  }
  const reference = { now: new Date(), timeZone: "UTC" };
  const window = { from: new Date(0), to: reference.now };
  try {
    await resolveFilter(run, { surface, scope, window, filter, reference });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const field = `surfaces.${name}.filter`;
    throw new AppError(error.code, error.message.replace(/^filter:/, `${field}:`), {
      details: error.details.map((detail) => ({ ...detail, field })),
      cause: error,
    });
  }
}

function refuse(field: string, value: string, takes: string): AppError {
  const got = showValue(value);
  return new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}
