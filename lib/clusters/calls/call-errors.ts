/** Why there was no answer, or no whole one, beside what Node's sockets say of it (ECONNRESET, ETIMEDOUT and so on). */
export type CallErrorCode =
  /** The head of the answer did not come in time. */
  | "ERR_ANSWER_TIMEOUT"
  /** The head of the answer is larger than what is read. */
  | "ERR_ANSWER_HEAD_TOO_LARGE"
  /** What came is no HTTP/1.1, or can be read in two ways. */
  | "ERR_ANSWER_INVALID"
  /** The connection ended before the announced end of the answer. */
  | "ERR_ANSWER_INCOMPLETE"
  /** The request is none that may be sent: a header with a control character, a body of another length than announced. */
  | "ERR_REQUEST_INVALID";

export function callError(
  code: CallErrorCode | "ECONNRESET" | "ECONNABORTED",
  message: string,
  cause?: unknown,
): Error & { code: string } {
  return Object.assign(new Error(message, cause === undefined ? {} : { cause }), { code });
}
