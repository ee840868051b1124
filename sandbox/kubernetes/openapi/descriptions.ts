import { existsSync, readFileSync } from "node:fs";

export type Descriptions = { type: string; fields: Map<string, string> };

const models = new URL("./gen/models/", import.meta.resolve("@kubernetes/client-node"));
const known = new Map<string, Descriptions>();

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The generated client prefixes a name with its group only where two groups share it. */
function modelFile(typeName: string): URL | undefined {
  const [, packageName = "", version = "", type = ""] = /^(\w+)\/(\w+)\.(\w+)$/.exec(typeName) ?? [];
  const names = [
    `${capitalised(version)}${type}`,
    `${capitalised(packageName)}${capitalised(version)}${type}`,
  ];
  return names.map((name) => new URL(`${name}.d.ts`, models)).find((url) => existsSync(url));
}

const documented = /\/\*\*\s*\n\s*\* (.*?)\s*\n\s*\*\/\s*\n\s*(?:'([^']+)'\??:|export declare class)/g;

function unquote(text: string): string {
  return text.replace(/\\(['"])/g, "$1");
}

/**
 * What Kubernetes' documentation says of an API type and its fields, read from the type declarations that
 * `@kubernetes/client-node` is published with.
 */
export function describeType(typeName: string): Descriptions {
  const cached = known.get(typeName);
  if (cached !== undefined) return cached;
  const descriptions: Descriptions = { type: "", fields: new Map() };
  const file = modelFile(typeName);
  const source = file === undefined ? "" : readFileSync(file, "utf8");
  for (const [, text = "", field] of source.matchAll(documented)) {
    if (field === undefined) descriptions.type = unquote(text);
    else descriptions.fields.set(field, unquote(text));
  }
  known.set(typeName, descriptions);
  return descriptions;
}
