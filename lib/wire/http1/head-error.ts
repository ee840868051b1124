/**
 * Bytes that are no HTTP/1.1 (RFC 9112), or that two readers could take for two things: a head, or the framing of a body. `message` says
 * what is wrong, and quotes nothing of the bytes.
 */
export class HeadError extends Error {
  /** What Node's own parser calls it, so that whoever reads a connection says the same of it. */
  readonly code: string;

  constructor(message: string, code = "HPE_INVALID_HEADER_TOKEN") {
    super(message);
    this.name = "HeadError";
    this.code = code;
  }
}
