import { boundedText } from "../../audit/store/stored-text.ts";

const MAX_CLIENT_NAME_BYTES = 128;

/** The first product of a User-Agent (RFC 9110 §10.1.5): `kubectl/v1.27.3` of `kubectl/v1.27.3 (linux/amd64) ...`. */
export function clientName(userAgent: string): string | null {
  const end = userAgent.search(/[ \t(]/);
  const product = end === -1 ? userAgent : userAgent.slice(0, end);
  return product === "" ? null : boundedText(product, MAX_CLIENT_NAME_BYTES);
}
