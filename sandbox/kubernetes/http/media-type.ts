import { notAcceptable } from "./status-error.ts";

/** How an answer is wanted: whole objects, a Table, or metadata alone. */
export type Presentation = { as: "object" | "Table" | "PartialObjectMetadata"; version: "v1" | "v1beta1" };

function parseParameters(parts: string[]): Map<string, string> {
  return new Map(
    parts.map((part) => {
      const [name = "", value = ""] = part.trim().split("=");
      return [name, value];
    }),
  );
}

const jsonTypes = new Set(["application/json", "*/*", "application/*", ""]);
const accepted = ["application/json", "application/json;stream=watch"];

/** Chooses the first form of the Accept header that this server gives; 406 when there is none. */
export function negotiate(accept: string | undefined): Presentation {
  for (const clause of (accept ?? "").split(",")) {
    const [type = "", ...rest] = clause.split(";");
    if (!jsonTypes.has(type.trim())) continue;
    const parameters = parseParameters(rest);
    const as = parameters.get("as");
    const version = parameters.get("v") === "v1beta1" ? "v1beta1" : "v1";
    if (as === undefined) return { as: "object", version };
    if (parameters.get("g") !== "meta.k8s.io") continue;
    if (as === "Table") return { as: "Table", version };
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") {
      return { as: "PartialObjectMetadata", version };
    }
  }
  throw notAcceptable(accepted);
}
