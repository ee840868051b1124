/** How a body is read: what can be searched for secrets, and what cannot. */
export type BodyFormat = "json" | "jsonPatch" | "yaml" | "protobuf" | "opaque";

const FORMATS: Record<string, BodyFormat> = {
  "application/json": "json",
  "application/merge-patch+json": "json",
  "application/strategic-merge-patch+json": "json",
  "application/json-patch+json": "jsonPatch",
  "application/yaml": "yaml",
  "application/apply-patch+yaml": "yaml",
  "application/vnd.kubernetes.protobuf": "protobuf",
};

/** kube-apiserver reads a body without a content type as JSON. Parameters (`;stream=watch`) do not count. */
export function bodyFormat(contentType: string | null | undefined): BodyFormat {
  const mediaType = mediaTypeOf(contentType);
  return mediaType === "" ? "json" : (FORMATS[mediaType] ?? "opaque");
}

export const mediaTypeOf = (contentType: string | null | undefined): string =>
  (contentType ?? "").split(";")[0]!.trim().toLowerCase();
