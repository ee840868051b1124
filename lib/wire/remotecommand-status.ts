/** How a remote command ended, from the Status that the server writes to the error stream. */
export interface CommandOutcome {
  /** 0 on success, the command's exit code on `NonZeroExitCode`, null where the command never ran or the code is unknown. */
  exitCode: number | null;
  /** Status.message; empty on success. */
  message: string;
  /** Status.reason, such as `NonZeroExitCode` or `InternalError`; empty on success. */
  reason: string;
}

interface StatusCause {
  reason?: unknown;
  message?: unknown;
}

/**
 * Reads the final message of the error stream or channel. v4 and v5 carry a JSON `Status`; older protocols carry plain
 * text, and only on failure. Never throws: what is no Status becomes the message itself.
 * Source: k8s.io/client-go/tools/remotecommand (errorDecoderV4), k8s.io/apimachinery/pkg/util/remotecommand.
 */
export function parseCommandStatus(data: Uint8Array): CommandOutcome {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString("utf8");
  const status = parseObject(text);
  if (status === undefined) return { exitCode: null, message: text, reason: "" };
  if (status.status === "Success") return { exitCode: 0, message: "", reason: "" };
  const reason = textOf(status.reason);
  return {
    exitCode: reason === "NonZeroExitCode" ? exitCodeOf(status.details) : null,
    message: textOf(status.message),
    reason,
  };
}

function exitCodeOf(details: unknown): number | null {
  const causes = (details as { causes?: unknown } | null | undefined)?.causes;
  if (!Array.isArray(causes)) return null;
  const cause = causes.find((item: StatusCause | null) => item?.reason === "ExitCode") as
    | StatusCause
    | undefined;
  const text = textOf(cause?.message);
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
