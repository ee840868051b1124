import { redactedBytes, redactedText } from "./mark.ts";
import { countYamlItems, parseYaml } from "./parse-yaml.ts";
import { createTextRedactor, redactFileText, redactKnownSecrets, type TextRedactor } from "./redact-text.ts";
import { isReferencePart, isSecretCollection, isSecretField, isSecretVariable } from "./secret-names.ts";
import { UnsearchableError } from "./unsearchable-error.ts";

/** A value as JSON or YAML gives it. */
type Value = unknown;
type Fields = Record<string, Value>;

/** Deeper objects are refused: no object of Kubernetes is, and the walk is recursive. */
const MAX_DEPTH = 100;
/** YAML within one body that is taken apart, UTF-16 units: reading it is slow, and every other call waits. */
const MAX_EMBEDDED_YAML = 16_384;
/** The same in lines and items, of all texts together. */
const MAX_EMBEDDED_ITEMS = 1_000;
/** kubectl --record keeps its command line there. */
const CHANGE_CAUSE = "kubernetes.io/change-cause";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

interface Place {
  depth: number;
  /** Whether the object is a Secret (or a part of one's patch), whatever its `kind` says. */
  secret: boolean;
  /** Containers that were cut: without a kind, they may have been Secrets. */
  open: ReadonlySet<object>;
  redactor: TextRedactor;
  /** What may still be spent on the body. */
  budget: { yaml: number; items: number };
}

export interface RedactOptions {
  /** The request's path says that the object is a Secret. */
  secret: boolean;
  open?: ReadonlySet<object>;
  /** For the commands of containers; the built-in patterns where it is left out. */
  redactor?: TextRedactor;
}

const BUILT_IN = createTextRedactor();

/**
 * A copy of an object of the Kubernetes API (or a patch of one) without the secrets in it: the values of Secrets wherever one
 * is nested, also as text in annotations; fields and variables that are named like secrets; text that has the form of one.
 */
export function redactObject(value: Value, options: RedactOptions): Value {
  const { secret, open = new Set(), redactor = BUILT_IN } = options;
  const searchable = !secret || (value !== null && typeof value === "object" && !Array.isArray(value));
  if (!searchable) return redactLeaf(value);
  return redactValue(value, {
    depth: 0,
    secret,
    open,
    redactor,
    budget: { yaml: MAX_EMBEDDED_YAML, items: MAX_EMBEDDED_ITEMS },
  });
}

/** Fields of a Secret, a list of them or the options of their deletion that may be looked into; others are no field of the API. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(
  (
    "apiversion kind metadata type immutable data stringdata items " +
    "dryrun graceperiodseconds orphandependents preconditions propagationpolicy"
  ).split(" "),
);

function redactValue(value: Value, place: Place): Value {
  if (place.depth > MAX_DEPTH) throw new UnsearchableError("it is nested too deeply");
  if (typeof value === "string") return redactString(value, place);
  if (value === null || typeof value !== "object") return value;
  const inner = { ...place, depth: place.depth + 1 };
  if (Array.isArray(value)) return value.map((item) => redactValue(item, inner));
  if (value instanceof Uint8Array) return redactedBytes(value.byteLength);
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new UnsearchableError("it holds an unknown type");
  return redactFields(value as Fields, inner);
}

function redactFields(fields: Fields, place: Place): Fields {
  const kind = kindOf(fields);
  const secret =
    place.secret || kind === "secret" || isSecretType(fields.type) || (kind === "" && place.open.has(fields));
  const strict = kind === "secret" || (place.secret && place.depth === 1);
  const variable = typeof fields.name === "string" && isSecretVariable(fields.name);
  const redacted: [string, Value][] = Object.entries(fields).map(([key, value]) => {
    const name = key.toLowerCase();
    if (strict && !SECRET_FIELDS.has(name)) return [key, redactLeaf(value)];
    if (secret && (name === "data" || name === "stringdata"))
      return [key, redactValues(value, name === "data")];
    if (key === CHANGE_CAUSE && typeof value === "string")
      return [key, place.redactor.redactArguments([value])[0]];
    if (key === LAST_APPLIED) return [key, redactEmbedded(value, { ...place, secret })];
    if (COMMAND_FIELDS.has(name) && isTextArray(value))
      return [key, redactCommand(name, value, fields, place)];
    if (variable && name === "value") return [key, redactLeaf(value)];
    if (name === "items" && kind === "secretlist")
      return [key, redactValue(value, { ...place, secret: true })];
    if (name === "auth" && isNameAndPassword(value)) return [key, redactLeaf(value)];
    if (isLeaf(value) && isSecretField(key)) return [key, redactLeaf(value)];
    if (isStructure(value) && isSecretCollection(key)) return [key, redactCollection(value, place)];
    return [key, redactValue(value, { ...place, secret: place.secret || (secret && name === "metadata") })];
  });
  return Object.fromEntries(redacted.map(([key, value]) => [redactKnownSecrets(key), value]));
}

/** A release of Helm's and the like: what a Secret's type says, without its kind. */
const isSecretType = (type: Value): boolean =>
  typeof type === "string" &&
  /^(?:helm\.sh\/release|kubernetes\.io\/(?:dockerc|service-account-token|basic-auth|ssh-auth|tls))/.test(
    type,
  );

/** `auth` of a dockerconfigjson: `name:password` in base64. */
const isNameAndPassword = (value: Value): boolean =>
  typeof value === "string" &&
  /^[\w+/-]{4,}={0,2}$/.test(value) &&
  /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(value, "base64").toString("latin1"));

/** Yes and no are no secrets (`automountServiceAccountToken`). */
const isLeaf = (value: Value): boolean =>
  (typeof value === "string" && value !== "") || typeof value === "number";
const isStructure = (value: Value): value is object => typeof value === "object" && value !== null;

/** A list or an object under a secret's name: nothing in it is kept but what says where the secret is to be found. */
function redactCollection(value: Value, place: Place): Value {
  const inner = { ...place, depth: place.depth + 1 };
  if (inner.depth > MAX_DEPTH) throw new UnsearchableError("it is nested too deeply");
  if (Array.isArray(value)) return value.map((item) => redactCollection(item, inner));
  if (!isStructure(value)) return typeof value === "boolean" ? value : redactLeaf(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return redactLeaf(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redactKnownSecrets(key),
      isReferencePart(key) ? redactValue(item, inner) : redactCollection(item, inner),
    ]),
  );
}

/** Of containers and probes. */
const COMMAND_FIELDS: ReadonlySet<string> = new Set(["command", "args"]);
const isTextArray = (value: Value): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** A container's `args` go on where its `command` ends. */
function redactCommand(name: string, value: string[], { command }: Fields, { redactor }: Place): string[] {
  const before = name === "args" && isTextArray(command) ? command : [];
  return redactor.redactArguments([...before, ...value]).slice(before.length);
}

const kindOf = (fields: Fields): string => {
  const key = Object.keys(fields).find((name) => name.toLowerCase() === "kind");
  return key !== undefined && typeof fields[key] === "string" ? fields[key].trim().toLowerCase() : "";
};

/** The values of a Secret's `data` or `stringData`; keys stay, and so does null, which deletes a key in a patch. */
function redactValues(value: Value, base64: boolean): Value {
  if (value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) return redactLeaf(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      redactKnownSecrets(key),
      base64 && typeof inner === "string" ? redactedBytes(decodedLength(inner)) : redactLeaf(inner),
    ]),
  );
}

/** The length of the secret itself, as kubectl describe says it. */
const decodedLength = (base64: string): number => Buffer.from(base64, "base64").byteLength;

function redactLeaf(value: Value): Value {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? redactedText(value) : redactedText(JSON.stringify(value));
}

const LOOKS_LIKE_JSON = /^\s*[[{]/;
const MENTIONS_SECRET = /kind[\\"']*\s*:[\s\\"']*secret/i;

function redactString(text: string, place: Place): string {
  if (LOOKS_LIKE_JSON.test(text) || MENTIONS_SECRET.test(text)) return String(redactEmbedded(text, place));
  return redactFileText(text);
}

/**
 * An object as text: taken apart, redacted and put together as JSON. What cannot be taken apart is redacted whole, unless it
 * can hold no Secret.
 */
function redactEmbedded(value: Value, place: Place): Value {
  if (typeof value !== "string") return value === null ? null : redactLeaf(value);
  // The text itself is kept only where neither a duplicate key nor an escape can hide a Secret in it.
  const harmless = !place.secret && !/secret|\\/i.test(value);
  const documents = parseEmbedded(value, place);
  if (!documents || documents.includes(value)) return harmless ? redactFileText(value) : redactedText(value);
  const before = documents.map((document) => JSON.stringify(document));
  const after = documents.map((document) =>
    JSON.stringify(redactValue(document, { ...place, depth: place.depth + 1 })),
  );
  return harmless && before.join() === after.join() ? redactFileText(value) : after.join("\n---\n");
}

function parseEmbedded(text: string, { budget }: Place): Value[] | null {
  if (LOOKS_LIKE_JSON.test(text)) {
    try {
      return [JSON.parse(text)];
    } catch {
      return null;
    }
  }
  budget.yaml -= text.length;
  if (budget.yaml < 0) return null;
  budget.items -= countYamlItems(text);
  return budget.items < 0 ? null : parseYaml(text);
}
