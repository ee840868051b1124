import { z } from "zod";
import { KubeRequestEntry } from "../entry/entry.ts";

/** An entry as a frame of a journal holds it. */
export interface WrittenEntry {
  /** JSON. */
  payload: string | Buffer;
  /** Of the frame. */
  version: number;
}

/** What is in every version: without it there is nothing to record. */
const ALWAYS_WRITTEN: ReadonlySet<string> = new Set(["callId", "executedAt", "sha256"]);
/** Fields of which no value says "absent", and what entries say that lack them. */
const UNSAID: Readonly<Record<string, unknown>> = {
  stage: "complete",
  result: "failure",
  accessMethod: "CLI",
  kind: "system",
};
const ABSENT_VALUES: readonly unknown[] = [null, [], "", 0, false];

interface Shape {
  defaults: { field: string; value: unknown }[];
  objects: { field: string; shape: Shape }[];
}

const ENTRY = shapeOf(KubeRequestEntry);

/**
 * The entry of a frame in the present shape, whichever program wrote it. Fields that its shape did not have are absent; what the others hold
 * is not looked at, as the database refuses what no row can hold. A step between versions that is more than a new field belongs here, by
 * `version`.
 * @throws {SyntaxError} where the payload is no JSON object.
 */
export function liftEntry({ payload }: WrittenEntry): KubeRequestEntry {
  const written: unknown = JSON.parse(payload.toString());
  if (!isObject(written)) throw new SyntaxError("the journal's entry is no JSON object");
  fill(written, ENTRY);
  return written as KubeRequestEntry;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function fill(written: Record<string, unknown>, { defaults, objects }: Shape): void {
  // Of each entry, most of which lack nothing: pairs would be taken apart each time.
  for (let index = 0; index < defaults.length; index++) {
    const { field, value } = defaults[index]!;
    if (written[field] === undefined) written[field] = value;
  }
  for (let index = 0; index < objects.length; index++) {
    const { field, shape } = objects[index]!;
    written[field] ??= {};
    const object = written[field];
    if (isObject(object)) fill(object, shape);
  }
}

/** By the schema itself, so that a field that is added is absent in what was written before. */
function shapeOf(schema: z.ZodObject): Shape {
  const shape: Shape = { defaults: [], objects: [] };
  for (const [field, type] of Object.entries(schema.shape as Record<string, z.ZodType>)) {
    if (type.safeParse(undefined).success || ALWAYS_WRITTEN.has(field)) continue;
    if (type instanceof z.ZodObject) shape.objects.push({ field, shape: shapeOf(type) });
    else shape.defaults.push({ field, value: absentValue(field, type) });
  }
  return shape;
}

function absentValue(field: string, type: z.ZodType): unknown {
  if (field in UNSAID) return UNSAID[field];
  const absent = ABSENT_VALUES.find((value) => type.safeParse(value).success);
  if (absent === undefined) throw new Error(`an entry without ${field} has no meaning yet: give it one here`);
  return absent;
}
