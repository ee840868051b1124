import type { Attributes } from "../access/attributes.ts";
import type { UserInfo } from "../access/user.ts";
import type { ResourceCall } from "../http/call.ts";
import { decodeObject, mediaTypeOf, readBody } from "../http/request-body.ts";
import { sendJson } from "../http/respond.ts";
import { compact, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { formatTime } from "../objects/object.ts";
import { expectedKind } from "../rest/write.ts";

function reviewedAttributes(spec: Fields): Attributes {
  const resource = fieldsOf(spec.resourceAttributes);
  const path = fieldsOf(spec.nonResourceAttributes);
  const isResourceRequest = isFields(spec.resourceAttributes);
  return {
    verb: textOf(isResourceRequest ? resource.verb : path.verb),
    isResourceRequest,
    group: textOf(resource.group),
    version: textOf(resource.version),
    resource: textOf(resource.resource),
    subresource: textOf(resource.subresource),
    namespace: textOf(resource.namespace),
    name: textOf(resource.name),
    path: textOf(path.path),
  };
}

function accessStatus(call: ResourceCall, user: UserInfo, spec: Fields): Fields {
  const { allowed, reason } = call.services.authorizer.authorize(user, reviewedAttributes(spec));
  return compact({ allowed, reason: reason === "" ? undefined : reason });
}

function subjectOf(spec: Fields): UserInfo {
  return {
    name: textOf(spec.user),
    groups: listOf(spec.groups).map(textOf),
    extra: {},
    uid: textOf(spec.uid),
  };
}

function rulesStatus(call: ResourceCall, spec: Fields): Fields {
  const rules = call.services.authorizer.rulesFor(call.user, textOf(spec.namespace));
  const given = (list: string[]) => (list.length > 0 ? list : undefined);
  return {
    resourceRules: rules
      .filter((rule) => rule.resources.length > 0)
      .map(({ verbs, apiGroups, resources, resourceNames }) =>
        compact({ verbs, apiGroups, resources, resourceNames: given(resourceNames) }),
      ),
    nonResourceRules: rules
      .filter((rule) => rule.nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

function userInfoOf({ name, uid, groups, extra }: UserInfo): Fields {
  return compact({
    username: name,
    uid: uid || undefined,
    groups,
    extra: Object.keys(extra).length > 0 ? extra : undefined,
  });
}

function tokenStatus(call: ResourceCall, spec: Fields): Fields {
  const user = call.services.authenticator.review(textOf(spec.token));
  if (user === undefined) return { user: {}, error: "[invalid bearer token]" };
  return {
    authenticated: true,
    user: userInfoOf(user),
    audiences: ["https://kubernetes.default.svc.cluster.local"],
  };
}

function statusOf(call: ResourceCall, spec: Fields): Fields {
  switch (call.resource.kind) {
    case "SelfSubjectAccessReview":
      return accessStatus(call, call.user, spec);
    case "SelfSubjectRulesReview":
      return rulesStatus(call, spec);
    case "SelfSubjectReview":
      return { userInfo: userInfoOf(call.user) };
    case "TokenReview":
      return tokenStatus(call, spec);
    default:
      return accessStatus(call, subjectOf(spec), spec);
  }
}

/** The reviews of authentication.k8s.io and authorization.k8s.io: answered at once and never stored. */
export async function handleReview(call: ResourceCall): Promise<void> {
  const body = decodeObject(await readBody(call.req), mediaTypeOf(call.req));
  const spec = fieldsOf(body.spec);
  const now = formatTime(call.services.cluster.now());
  const isSelfReview = call.resource.kind === "SelfSubjectReview";
  const metadata = isSelfReview ? { creationTimestamp: now } : { creationTimestamp: null };
  const review = {
    ...expectedKind(call.resource),
    metadata,
    ...(isSelfReview ? {} : { spec }),
    status: statusOf(call, spec),
  };
  sendJson(call.req, call.res, 201, review);
}
