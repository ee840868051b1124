/** How a command of exec or attach ended. */
export type CommandResult = { kind: "exited"; code: number } | { kind: "start-failed"; message: string };

/**
 * Who words the Status. kube-apiserver translates v5 WebSockets itself and wraps what kubelet said; SPDY and the older
 * channel protocols go through to kubelet unchanged.
 */
export type StatusAuthor = "kube-apiserver" | "kubelet";

/** The JSON Status of v4 and v5, byte for byte as Go's encoder writes it. */
export function encodeStatus(result: CommandResult, author: StatusAuthor, command: string[]): Buffer {
  return Buffer.from(goJson(statusOf(result, author, command)));
}

/** What protocols before v4 write to the error stream: text on failure, nothing on success. */
export function encodeErrorText(result: CommandResult, command: string[]): Buffer {
  const status = statusOf(result, "kubelet", command);
  return Buffer.from("message" in status ? String(status.message) : "");
}

function statusOf(result: CommandResult, author: StatusAuthor, command: string[]): Record<string, unknown> {
  if (result.kind === "start-failed") return internalError(result.message, author);
  if (result.code === 0) return { metadata: {}, status: "Success" };
  const text =
    author === "kubelet"
      ? `error executing command [${command.join(" ")}], exit code ${result.code}`
      : `command terminated with exit code ${result.code}`;
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: ${text}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(result.code) }] },
  };
}

function internalError(message: string, author: StatusAuthor): Record<string, unknown> {
  const cause = author === "kubelet" ? message : `Internal error occurred: ${message}`;
  return {
    metadata: {},
    status: "Failure",
    message: `Internal error occurred: ${cause}`,
    reason: "InternalError",
    details: { causes: [{ message: cause }] },
    code: 500,
  };
}

const ESCAPED: Record<string, string> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** encoding/json escapes what HTML could misread. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
}
