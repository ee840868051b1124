import { AppError } from "../../../errors.ts";

const DIAL = "check the port, that the receiver runs, and the firewalls between this machine and it";
const TRUST = "give the certificate of that authority (ca)";
const CLOSED =
  "it closed the connection before it answered, as it may where it wants a client certificate or another protocol";
const CLIENT = "give a client certificate that the receiver takes, with its key";

/** What happened, and what to do about it, by the code of Node, OpenSSL or undici. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name has no address in DNS: check its spelling, and whether this machine's DNS knows it",
  EAI_AGAIN: "the DNS server does not answer for its name",
  ECONNREFUSED: `nothing listens at its address: ${DIAL}`,
  EHOSTUNREACH: `there is no way to its address: ${DIAL}`,
  ENETUNREACH: `there is no way to its network: ${DIAL}`,
  ETIMEDOUT: `it does not answer in time: ${DIAL}`,
  UND_ERR_CONNECT_TIMEOUT: `it does not answer in time: ${DIAL}`,
  UND_ERR_HEADERS_TIMEOUT: "it took the request and did not answer in time",
  UND_ERR_BODY_TIMEOUT: "it began its answer and did not end it in time",
  ECONNRESET: CLOSED,
  EPIPE: "it closed the connection while it was being written to",
  UND_ERR_SOCKET: CLOSED,
  CERT_HAS_EXPIRED: "its certificate has expired: renew it",
  CERT_NOT_YET_VALID:
    "its certificate is not valid yet: compare the clocks of this machine and of the receiver",
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is signed by itself: ${TRUST}`,
  SELF_SIGNED_CERT_IN_CHAIN: `its certificate is signed by an authority that is not known here: ${TRUST}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `its certificate is signed by an authority that is not known here: ${TRUST}`,
  UNABLE_TO_GET_ISSUER_CERT: `its certificate is signed by an authority that is not known here: ${TRUST}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its certificate is signed by an authority that is not known here: ${TRUST}`,
  CERT_SIGNATURE_FAILURE: `its certificate was signed by another authority: ${TRUST}`,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "its certificate is for another name: call it by a name that its certificate has",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS at this port",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS at this port",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: `it asks for a client certificate: ${CLIENT}`,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: `it refuses the handshake, as where it asks for a client certificate: ${CLIENT}`,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: `it does not take the client certificate: ${CLIENT}`,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: `it does not take the client certificate: ${CLIENT}`,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: `it does not know the authority of the client certificate: ${CLIENT}`,
  ERR_SSL_TLSV13_ALERT_UNKNOWN_CA: `it does not know the authority of the client certificate: ${CLIENT}`,
};

const MOST_WORDS = 400;

/** Why a receiver was not reached, in words for an administrator. What an error says of itself is never a secret: keys stay in headers and options. */
export function describeFailure(error: unknown): string {
  const cause = causeOf(error);
  if (cause instanceof AppError) return cause.message.replace(/\.$/, "");
  const { name, message } = cause instanceof Error ? cause : { name: "", message: String(cause) };
  if (name === "TimeoutError") return `it does not answer in time: ${DIAL}`;
  if (name === "AbortError") return "it did not answer within the time of a batch";
  const code = String((cause as { code?: unknown } | null)?.code ?? "");
  const words = WORDS[code];
  if (words) return `${words} (${code})`;
  if (/^(?:ERR_SSL|EPROTO)/.test(code)) return `TLS fails: ${code}`;
  return `it cannot be reached: ${(message || name || code).slice(0, MOST_WORDS)}`;
}

/** Wrapping errors say little: undici's "fetch failed", an AggregateError of all addresses. */
function causeOf(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return causeOf(error.cause);
  return error;
}
