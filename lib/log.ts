import pino from "pino";
import { processState } from "./process-state.ts";

/** Fields that are never written, wherever they stand in the first three levels of a line. */
const SECRET_FIELDS = [
  ...[
    "authorization",
    "Authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "sec-websocket-protocol",
  ],
  ...["token", "accessToken", "refreshToken", "idToken", "bearer", "secret", "clientSecret", "appSecret"],
  ...["password", "privateKey", "key", "credentials", "kubeconfig"],
];
const LEVELS = ["", "*.", "*.*."];

/** A logger of its own (tests, scripts). */
export function createLogger(
  { level }: { level: string },
  destination?: pino.DestinationStream,
): pino.Logger {
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: LEVELS.flatMap((prefix) => SECRET_FIELDS.map((field) => pathOf(prefix, field))),
      censor: "[redacted]",
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

function pathOf(prefix: string, field: string): string {
  return /^\w+$/.test(field) ? prefix + field : `${prefix.replace(/\.$/, "")}["${field}"]`;
}

/**
 * The process's log: JSON lines on standard output, secrets left out. The composition root sets `log.level` from the
 * configuration. `log.info({ cluster: "prod", durationMs: 3 }, "call forwarded")`.
 */
export const log: pino.Logger = processState("log", () => createLogger({ level: "info" }));
