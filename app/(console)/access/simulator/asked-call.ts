import { parseAsString } from "nuqs";
import { SimulateInput } from "../../../../lib/access/simulator/schema.ts";
import { fromWallTime, toWallTime } from "../../../components/audit/range/wall-time.ts";

const text = parseAsString.withDefault("");

/** What is asked, as the page's address has it; all of it is text, and nothing is said by an empty one. */
export const ASKED_CALL = {
  kind: parseAsString.withDefault("user"),
  subject: text,
  provider: text,
  verb: parseAsString.withDefault("get"),
  resource: text,
  group: text,
  namespace: text,
  name: text,
  path: text,
  cluster: text,
  as: text,
  /** Separated by commas. */
  asGroup: text,
  address: text,
  /** An instant in ISO 8601; empty: now. */
  at: text,
  method: parseAsString.withDefault("CLI"),
  /** Minutes since the second factor was shown; empty: it was not. */
  factor: text,
};
export type AskedCall = { [K in keyof typeof ASKED_CALL]: string };

/** Whether the address asks something. */
export const isAsked = ({ cluster, resource, path }: AskedCall) =>
  cluster !== "" && (resource !== "" || path !== "");

const MINUTE = 60_000;

/** The question as the API takes it. What cannot be read is passed on, to be refused at its field. */
export function toInput(asked: AskedCall, now: number): Record<string, unknown> {
  const at = asked.at === "" ? null : asked.at;
  const time = at === null ? now : Date.parse(at);
  const minutes = Number(asked.factor);
  const factor =
    Number.isFinite(minutes) && minutes >= 0 ? new Date(time - minutes * MINUTE).toISOString() : asked.factor;
  return {
    subjectKind: asked.kind,
    subject: asked.subject.trim() || null,
    subjectProvider: asked.provider || null,
    cluster: asked.cluster.trim(),
    verb: asked.verb.trim(),
    apiGroup: asked.group.trim(),
    resource: asked.resource.trim(),
    namespace: asked.namespace.trim(),
    name: asked.name.trim(),
    path: asked.path.trim(),
    as: asked.as.trim() || null,
    asGroups: asked.asGroup
      .split(",")
      .map((group) => group.trim())
      .filter(Boolean),
    clientAddress: asked.address.trim() || null,
    at,
    accessMethod: asked.method,
    secondFactorAt: asked.factor.trim() === "" || Number.isNaN(time) ? null : factor,
  };
}

/** Chosen from what there is, or of the address alone: the form has no place for what is wrong with one. */
const WITHOUT_ERROR: readonly string[] = ["subjectKind", "subjectProvider", "accessMethod"];
/** The fields of the form by the API's names. */
export const FIELDS = Object.keys(SimulateInput.shape).filter((field) => !WITHOUT_ERROR.includes(field));

/** The time of the form's fields: a day and a clock time in the viewer's zone. */
export const timeOf = ({ at }: AskedCall, timeZone: string) =>
  at === "" || Number.isNaN(Date.parse(at)) ? { day: at, clock: "" } : toWallTime(Date.parse(at), timeZone);

/** Back to an instant; what is no time stays as it was typed. */
export function instantOf(wall: { day: string; clock: string }, timeZone: string): string {
  const time = fromWallTime(wall, timeZone);
  return time === null ? `${wall.day} ${wall.clock}`.trim() : new Date(time).toISOString();
}
