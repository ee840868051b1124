import type { IncomingMessage } from "node:http";
import type { Permit } from "./call.ts";
import type { CallRecord } from "./call-record.ts";
import { forwardableHeaders } from "./client-headers.ts";
import { encodeFieldValue } from "./raw-headers.ts";

export interface ImpersonationInput {
  request: IncomingMessage;
  record: CallRecord;
  permit: Permit;
  /** The gateway's own credential for the cluster. */
  authorization: string | null;
}

/**
 * The headers for the cluster, names and values in turn: what of the client's may go on, then the gateway's own: its
 * credential, the identity that the call is made as, the client's address, and the call's id, under which the cluster's own
 * audit log has it. Throws where a name cannot be a header's value: it is never changed to fit.
 */
export function impersonate({ request, record, permit, authorization }: ImpersonationInput): string[] {
  const headers = forwardableHeaders(request.rawHeaders);
  if (authorization !== null) headers.push("Authorization", authorization);
  const { user, groups, extra } = permit.impersonate;
  headers.push("Impersonate-User", encodeFieldValue(user));
  for (const group of groups) headers.push("Impersonate-Group", encodeFieldValue(group));
  for (const [key, values] of Object.entries(extra)) {
    const name = `Impersonate-Extra-${encodeExtraKey(key)}`;
    for (const value of values) headers.push(name, encodeFieldValue(value));
  }
  if (record.clientIp !== null) headers.push("X-Forwarded-For", record.clientIp);
  headers.push("Audit-ID", record.callId);
  return headers;
}

/** Keys may hold characters that header names may not: those are percent-encoded, as kube-apiserver decodes them. */
function encodeExtraKey(key: string): string {
  return encodeURIComponent(key.toLowerCase()).replaceAll(/['()]/g, percentEncode);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
