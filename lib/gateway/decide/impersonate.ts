import type { Permit } from "../../access/policy/decision.ts";
import { AppError } from "../../errors.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { CallRecord } from "../call/call-record.ts";
import type { Upstream } from "../call/gateway.ts";
import type { Soon } from "../call/soon.ts";
import { forwardableHeaders } from "../request/client-headers.ts";
import { encodeFieldValue } from "../request/raw-headers.ts";

/**
 * The headers for the cluster, names and values in turn: what of the client's may go on, then the gateway's own: its
 * credential, the identity that the call is made as, the client's address, and the call's id, under which the cluster's own
 * audit log has it. Throws where a name cannot be a header's value: it is never changed to fit.
 */
export function impersonate(
  { request, record }: Pick<Call, "request" | "record">,
  { permit, upstream }: { permit: Permit; upstream: Upstream },
): Soon<string[] | Refusal> {
  const headers = forwardableHeaders(request.rawHeaders);
  const credential = upstream.authorizationAtHand();
  if (credential !== undefined) return withIdentity(headers, record, { permit, credential });
  return upstream.authorization().then(
    (got) => withIdentity(headers, record, { permit, credential: got }),
    (error: unknown) => {
      if (error instanceof AppError) return new Refusal("BadGateway", error.message);
      throw error;
    },
  );
}

/** The gateway's own headers of a call, for what it asks itself for one. @throws AppError where its credential cannot be had. */
export async function identityHeaders(
  record: CallRecord,
  { permit, upstream }: { permit: Permit; upstream: Upstream },
): Promise<string[]> {
  return withIdentity([], record, { permit, credential: await upstream.authorization() });
}

function withIdentity(
  headers: string[],
  record: CallRecord,
  { permit, credential }: { permit: Permit; credential: string | null },
): string[] {
  if (credential !== null) headers.push("Authorization", credential);
  for (const text of identityOf(permit)) headers.push(text);
  if (record.clientIp !== null) headers.push("X-Forwarded-For", record.clientIp);
  headers.push("Audit-ID", record.callId);
  return headers;
}

/** Encoded once for a permit, which is never changed. */
const identities = new WeakMap<Permit, readonly string[]>();

function identityOf(permit: Permit): readonly string[] {
  const known = identities.get(permit);
  if (known !== undefined) return known;
  const { user, groups, extra } = permit.impersonate;
  const headers = ["Impersonate-User", encodeFieldValue(user)];
  for (const group of groups) headers.push("Impersonate-Group", encodeFieldValue(group));
  for (const [key, values] of Object.entries(extra)) {
    const name = `Impersonate-Extra-${encodeExtraKey(key)}`;
    for (const value of values) headers.push(name, encodeFieldValue(value));
  }
  identities.set(permit, headers);
  return headers;
}

/** Keys may hold characters that header names may not: those are percent-encoded, as kube-apiserver decodes them. */
function encodeExtraKey(key: string): string {
  return encodeURIComponent(key.toLowerCase()).replaceAll(/['()]/g, percentEncode);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
