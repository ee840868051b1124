import { readFileSync } from "node:fs";

/** A field of one of Kubernetes' messages; how kubernetes-messages.txt writes it is said there. */
export interface MessageField {
  name: string;
  /** A message's name, or a scalar: `s` text, `b` bytes, `?` yes or no, `i` a whole number. */
  type: string;
  label: "one" | "many" | "map";
  /** Its fields are the message's own in JSON. */
  inline: boolean;
  /** JSON has it also where it is empty. */
  kept: boolean;
}

export type MessageFields = ReadonlyMap<number, MessageField>;

const FIELD = /^(?<number>\d+)(?<mark>[~!]?) (?<name>\w+) (?<label>[*%]?)(?<type>\S+)$/;

/** Lines of the table by message, and packages by apiVersion (`rbac.authorization.k8s.io/v1`). */
const lines = new Map<string, string>();
const packages = new Map<string, string>();
for (const line of readFileSync(new URL("./kubernetes-messages.txt", import.meta.url), "utf8").split("\n")) {
  const [, packageName, apiVersion] = /^@ (\S+) (\S+)$/.exec(line) ?? [];
  if (packageName !== undefined) packages.set(apiVersion!, packageName);
  else if (line !== "" && !line.startsWith("#")) lines.set(line.split("\t", 1)[0]!, line);
}
const read = new Map<string, MessageFields>();

/** The fields of a message by their numbers; null for an unknown one. */
export function messageFields(message: string): MessageFields | null {
  const known = read.get(message);
  if (known) return known;
  const line = lines.get(message);
  if (line === undefined) return null;
  const own = message.slice(0, message.lastIndexOf("."));
  const fields = new Map(
    line
      .split("\t")
      .slice(1)
      .map((text) => readField(text, own)),
  );
  read.set(message, fields);
  return fields;
}

function readField(text: string, own: string): [number, MessageField] {
  const groups = FIELD.exec(text)?.groups;
  if (!groups) throw new Error(`kubernetes-messages.txt: "${text}" is no field; takes "1 name type"`);
  const { number = "", mark, name = "", label, type = "" } = groups;
  return [
    Number(number),
    {
      name,
      type: type.startsWith(".") ? own + type : type,
      label: label === "*" ? "many" : label === "%" ? "map" : "one",
      inline: mark === "~",
      kept: mark === "!",
    },
  ];
}

/** The message of a kind: `core.v1.Pod` of `v1` and `Pod`. Options and Status belong to every API group. Null for a kind that is not built in. */
export function messageOfKind(apiVersion: string, kind: string): string | null {
  const packageName = packages.get(apiVersion);
  const own = `${packageName}.${kind}`;
  if (packageName !== undefined && lines.has(own)) return own;
  const shared = `meta.v1.${kind}`;
  return /^(?:\w+Options|Status)$/.test(kind) && lines.has(shared) ? shared : null;
}
