import type { RequestInfo } from "../http/request-info.ts";
import { forbidden, StatusError } from "../http/status-error.ts";

/** What an authorizer is asked: one user's one action. */
export type Attributes = {
  verb: string;
  isResourceRequest: boolean;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  path: string;
};

export function attributesOf(info: RequestInfo): Attributes {
  const { verb, isResourceRequest, group, version, resource, subresource, namespace, name, path } = info;
  return { verb, isResourceRequest, group, version, resource, subresource, namespace, name, path };
}

/** The 403 in kube-apiserver's words. */
export function refusal(user: string, attributes: Attributes, reason = ""): StatusError {
  const because = reason === "" ? "" : `: ${reason}`;
  if (!attributes.isResourceRequest) {
    return new StatusError({
      code: 403,
      reason: "Forbidden",
      message: `forbidden: User "${user}" cannot ${attributes.verb} path "${attributes.path}"${because}`,
      details: {},
    });
  }
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const why = `User "${user}" cannot ${verb} resource "${full}" in API group "${group}" ${where}${because}`;
  return forbidden({ group, resource }, name, why);
}
