// node scripts/kubernetes-messages.ts --api <folder> --apimachinery <folder> --api-version v0.37.0 > lib/wire/kubernetes-messages.txt
// Makes the table of Kubernetes' protobuf messages from checkouts of github.com/kubernetes/api and github.com/kubernetes/apimachinery:
// numbers, names and types from their generated.proto files; what JSON leaves out from the tags in types.go.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    api: { type: "string" },
    apimachinery: { type: "string" },
    "api-version": { type: "string" },
  },
});
if (!values.api || !values.apimachinery || !values["api-version"]) {
  console.error(
    "kubernetes-messages: takes --api <folder> --apimachinery <folder> --api-version <tag or commit>",
  );
  process.exit(1);
}

/** Never sent to kube-apiserver as a request's body, or served no more. */
const LEFT_OUT = /^(?:admission|apidiscovery|apiserverinternal|extensions|imagepolicy)\/|^apps\/v1beta/;
const SCALARS: Record<string, string> = { string: "s", bytes: "b", bool: "?", int32: "i", int64: "i" };

interface GoField {
  /** In JSON; a few are called otherwise in protobuf. */
  name: string;
  inline: boolean;
  /** Whether JSON has the field even where it is empty, zero or false. */
  kept: boolean;
}

/** The fields of the structs in types.go files by struct and number: `Volume 2`. */
function goFields(text: string): Map<string, GoField> {
  const fields = new Map<string, GoField>();
  let struct = "";
  for (const line of text.split("\n")) {
    struct = /^type (\w+) struct \{/.exec(line)?.[1] ?? struct;
    const [, type = ""] = /^\t(?:\w+\s+)?([*[\]\w.]+)\s+`/.exec(line) ?? [];
    const [, number, name = ""] = /protobuf:"\w+,(\d+)(?:[^"]*name=(\w+))?/.exec(line) ?? [];
    const [, json = name] = /json:"([^"]*)"/.exec(line) ?? [];
    if (number === undefined) continue;
    const inline = json === "" || json.includes(",inline");
    const kept = !inline && (type.startsWith("*") || !/,omit(?:empty|zero)/.test(json));
    fields.set(`${struct} ${number}`, { name: json.split(",")[0]?.replace("-", "") || name, inline, kept });
  }
  return fields;
}

/** `.k8s.io.api.core.v1.Pod` as `core.v1.Pod`. */
const shortName = (name: string): string =>
  name.replace(
    /^\.?k8s\.io\.(?:api|apimachinery\.pkg\.apis|apimachinery\.pkg\.api|apimachinery\.pkg\.util|apimachinery\.pkg)\./,
    "",
  );

function typeOf(type: string, own: string): string {
  return SCALARS[type] ?? (type.includes(".") ? shortName(type) : `${own}.${type}`);
}

function messages(proto: string, fields: Map<string, GoField>): string[] {
  const own = shortName(/^package (.+);/m.exec(proto)?.[1] ?? "");
  return [...proto.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => {
    const lines = body.matchAll(
      /^ {2}(optional|repeated|map<string, ?([\w.]+)>)\s+(?:([\w.]+)\s+)?(\w+) = (\d+)/gm,
    );
    const written = [...lines].map(([, label = "", mapped, single = "", field = "", number]) => {
      const { name: json, inline = false, kept = false } = fields.get(`${name} ${number}`) ?? {};
      const mark = inline ? "~" : kept ? "!" : "";
      const many = label === "repeated" ? "*" : mapped ? "%" : "";
      return `${number}${mark} ${json || field} ${many}${typeOf(mapped ?? single, own)}`;
    });
    return [`${own}.${name}`, ...written]
      .join("\t")
      .replaceAll(` ${own}.`, " .")
      .replaceAll(`*${own}.`, "*.")
      .replaceAll(`%${own}.`, "%.");
  });
}

const lines = [
  "# Messages of the Kubernetes API in protobuf: name, then for each field its number (~ its fields are the message's own, ! JSON has it",
  "# also where it is empty), name and type (s text, b bytes, ? yes or no, i whole number, or a message, of the same package where it",
  "# begins with a dot; * many of it, % a map by text). Made by scripts/kubernetes-messages.ts from the generated.proto and types.go files of",
  `# https://github.com/kubernetes/api and https://github.com/kubernetes/apimachinery at ${values["api-version"]} (Apache License 2.0).`,
];
const read = (folder: string, file: string): string => readFileSync(path.join(folder, file), "utf8");
for (const folder of [values.api, values.apimachinery]) {
  for (const file of globSync("**/generated.proto", { cwd: folder }).sort()) {
    const directory = path.dirname(file);
    if (LEFT_OUT.test(`${directory}/`) || /testapigroup|meta\/v1beta1$/.test(directory)) continue;
    const go = globSync(`${directory}/*.go`, { cwd: folder }).filter(
      (name) => !/generated|zz_|_test/.test(name),
    );
    const source = go.map((name) => read(folder, name)).join("\n");
    const group = /^const GroupName = "([^"]*)"/m.exec(source)?.[1];
    if (folder === values.api)
      lines.push(`@ ${directory.replace("/", ".")} ${group ? `${group}/` : ""}${path.basename(directory)}`);
    lines.push(...messages(read(folder, file), goFields(source)));
  }
}
process.stdout.write(`${lines.join("\n")}\n`);
