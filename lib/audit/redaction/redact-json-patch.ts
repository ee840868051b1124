import { redactedText } from "./mark.ts";
import { type RedactOptions, redactObject } from "./redact-object.ts";
import { redactKnownSecrets } from "./redact-text.ts";

/** Parts of a Secret that are no secret. */
const OPEN_PARTS: ReadonlySet<string> = new Set(["metadata", "type", "immutable", "apiversion", "kind"]);

/** Lists of a `name` and a `value`. */
const NAMED_VALUES: ReadonlySet<string> = new Set(["env", "httpheaders"]);

/** A JSON patch (RFC 6902) without the secrets in its values. Of a Secret's patch only known harmless parts are kept. */
export function redactJsonPatch(patch: unknown[], how: RedactOptions): unknown[] {
  return patch.map((operation) => redactOperation(operation, how));
}

function redactOperation(operation: unknown, how: RedactOptions): unknown {
  if (operation === null || typeof operation !== "object" || Array.isArray(operation)) {
    return redactedText(JSON.stringify(operation) ?? "");
  }
  return Object.fromEntries(
    Object.entries(operation).map(([key, value]) => {
      if (["op", "path", "from"].includes(key) && typeof value === "string")
        return [key, redactKnownSecrets(value)];
      return [key, redactPatchValue(value, pathOf(operation), how)];
    }),
  );
}

/** RFC 6901: `~1` is a slash, `~0` a tilde. */
function pathOf(operation: object): string[] {
  const path = "path" in operation && typeof operation.path === "string" ? operation.path : "";
  return path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function redactPatchValue(value: unknown, path: string[], how: RedactOptions): unknown {
  if (value === null || value === undefined) return value;
  const [part = ""] = path;
  if (how.secret && path.length > 0 && !OPEN_PARTS.has(part.toLowerCase())) {
    return redactedText(typeof value === "string" ? value : JSON.stringify(value));
  }
  if (isValueOfList(path)) return redactedText(typeof value === "string" ? value : JSON.stringify(value));
  // Under its last name, so that a field called password is known as one.
  const name = path.at(-1);
  if (name === undefined) return redactObject(value, how);
  const holder = redactObject({ metadata: { [name]: value } }, how) as {
    metadata: Record<string, unknown>;
  };
  return Object.values(holder.metadata)[0];
}

/** Whether it is the value of one variable or header, whose name the patch does not say. */
function isValueOfList(path: string[]): boolean {
  const [list = "", , last = ""] = path.slice(-3);
  return path.length >= 3 && last.toLowerCase() === "value" && NAMED_VALUES.has(list.toLowerCase());
}
