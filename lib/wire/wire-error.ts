/**
 * What can be wrong with the bytes of an upgraded session. Each code is a reason to end the session: after an error the
 * two ends may no longer agree where a frame begins, so nothing later on that connection can be trusted.
 */
export type WireErrorCode =
  | "malformed-frame"
  | "frame-too-large"
  | "header-block-too-large"
  | "malformed-header-block"
  | "unsupported-version"
  | "duplicate-stream-id"
  | "duplicate-stream-type"
  | "unknown-stream"
  | "too-many-streams"
  | "unknown-channel"
  | "status-too-large"
  | "malformed-message";

/** A violation of WebSocket (RFC 6455), SPDY/3.1 or Kubernetes' remote command protocol, with a code to act on. */
export class WireError extends Error {
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.name = "WireError";
    this.code = code;
  }
}
