import fastJsonPatch, { type Operation } from "fast-json-patch";
import { badRequest, StatusError } from "../http/status-error.ts";
import { cloneJson } from "../objects/fields.ts";

/** JSON patch, RFC 6902. 400 for what is no patch, 422 for one that does not apply. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  }
  try {
    return fastJsonPatch.applyPatch(cloneJson(target), patch as Operation[], true).newDocument;
  } catch {
    throw new StatusError({
      code: 422,
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
      details: {},
    });
  }
}
