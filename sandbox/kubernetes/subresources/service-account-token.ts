import { createHmac, randomBytes } from "node:crypto";
import { serviceAccountGroups } from "../access/user.ts";
import type { ResourceCall } from "../http/call.ts";
import { readOptionalObject } from "../http/request-body.ts";
import { sendJson } from "../http/respond.ts";
import { at, fieldsOf, listOf, numberOf, textOf } from "../objects/fields.ts";
import { formatTime } from "../objects/object.ts";
import { findObject } from "../rest/find-object.ts";

const issuer = "https://kubernetes.default.svc.cluster.local";
const signingKey = randomBytes(32);

function encodeToken(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", signingKey).update(signed).digest("base64url")}`;
}

/** `serviceaccounts/token`: a JWT that this server accepts until it expires. */
export async function handleTokenRequest(call: ResourceCall): Promise<void> {
  const { req, res, services, info } = call;
  const body = await readOptionalObject(req);
  const account = findObject(call);
  const spec = fieldsOf(body.spec);
  const given = listOf(spec.audiences).map(textOf);
  const audiences = given.length > 0 ? given : [issuer];
  const seconds = Math.max(600, numberOf(spec.expirationSeconds, 3600));
  const now = services.cluster.now();
  const issuedAt = Math.floor(now.getTime() / 1000);
  const user = `system:serviceaccount:${info.namespace}:${account.metadata.name}`;
  const token = encodeToken({
    aud: audiences,
    exp: issuedAt + seconds,
    iat: issuedAt,
    iss: issuer,
    jti: services.cluster.newUid(),
    "kubernetes.io": {
      namespace: info.namespace,
      serviceaccount: { name: account.metadata.name, uid: account.metadata.uid },
    },
    nbf: issuedAt,
    sub: user,
  });
  const identity = { user, groups: serviceAccountGroups(info.namespace), uid: account.metadata.uid };
  services.authenticator.issue(token, identity, seconds);
  const expirationTimestamp = formatTime(new Date(now.getTime() + seconds * 1000));
  sendJson(req, res, 201, {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name: account.metadata.name, namespace: info.namespace, creationTimestamp: formatTime(now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: at(spec, "boundObjectRef") ?? null },
    status: { token, expirationTimestamp },
  });
}
