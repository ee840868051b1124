import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeRefusal, Refusal } from "../lib/gateway/refusal.ts";
import type { Responder } from "./listeners.ts";

/** Paths of the Kubernetes API itself, at the root, as if there were one cluster. */
const API_PATH = /^\/(?:api|apis|openapi|version)(?=[/?]|$)/;

/**
 * Answers what nobody else owns on the Kubernetes proxy's port, so that kubectl shows what to do: `get --raw` before 1.34 takes
 * the whole path, and a kubeconfig's server may lack the cluster.
 */
export function createUnknownPath(): Responder {
  return { owns: () => true, handleRequest: answer };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? "";
  const wanted = API_PATH.test(path) ? path.split("?")[0] : "";
  const message = `the path names no cluster; it begins with /k8s/clusters/<name>${wanted}, also in the server of a kubeconfig and, before kubectl 1.34, in kubectl get --raw`;
  const { code, phrase, headers, body } = encodeRefusal(new Refusal("NotFound", message), {
    auditId: null,
    asText: false,
  });
  response.writeHead(code, phrase, headers).end(body);
}
