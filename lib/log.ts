import pino from "pino";
import { config } from "./config.ts";
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

/**
 * The process's log: JSON lines on standard output, secrets left out.
 * `log().info({ cluster: "prod", durationMs: 3 }, "call forwarded")`.
 */
export function log(): pino.Logger {
  return processState("log", () => createLogger({ level: config().log.level }));
}

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
