import { AppError } from "../errors.ts";

/** Prisma: not reachable, timed out (connecting, asking), connection closed, no connection free. */
const PRISMA_OUTAGES: ReadonlySet<string> = new Set(["P1001", "P1002", "P1008", "P1017", "P2024"]);
/** The same, as Prisma's adapter for node-postgres says it within the error of a query. */
const ADAPTER_OUTAGES: ReadonlySet<unknown> = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);
/** SQLSTATE: connection exception, insufficient resources, operator intervention (shutdown, starting up). */
const STATES_OF_OUTAGE = /^(?:08|53|57P)/;
const SOCKET_ERRORS: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["ENOTFOUND", "EAI_AGAIN"],
]);
/** What node-postgres says without a code. */
const MESSAGES_OF_OUTAGE =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;
const TRY_AGAIN_SECONDS = 5;

/**
 * What a caller is told of an error of the database's connection: an {@link AppError} `unavailable`. Any other error comes back as it is.
 * To be asked where nothing but the database is called through sockets of our own; `fetch` wraps its errors.
 */
export function explainOutage(error: unknown): unknown {
  if (!isOutage(error)) return error;
  return new AppError(
    "unavailable",
    "The database cannot be reached. Until it is back, the calls that the gateway lets through are kept in its journal. Try again in a moment.",
    { cause: error, retryAfterSeconds: TRY_AGAIN_SECONDS },
  );
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof AppError) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string") return MESSAGES_OF_OUTAGE.test(error.message);
  const passedOn = adapterError(error);
  if (PRISMA_OUTAGES.has(code) || SOCKET_ERRORS.has(code) || ADAPTER_OUTAGES.has(passedOn?.kind)) return true;
  return STATES_OF_OUTAGE.test(String(passedOn?.originalCode ?? code));
}

interface AdapterError {
  kind?: unknown;
  /** SQLSTATE. */
  originalCode?: unknown;
}

function adapterError(error: Error): AdapterError | undefined {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: AdapterError } } };
  return meta?.driverAdapterError?.cause;
}
