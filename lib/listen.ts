import type { Server } from "node:net";
import { AppError } from "./errors.ts";

export interface ListenAddress {
  host: string;
  port: number;
  /** The setting's names, for the message about a port that cannot be had: `port (KUBEWITNESS_PORT)`. */
  setting: string;
}

const REASONS: Record<string, string> = {
  EADDRINUSE: "another program listens on it",
  EACCES: "this user may not listen on it (ports below 1024 are root's)",
  EADDRNOTAVAIL: "this machine has no such address",
  ENOTFOUND: "this machine has no such address",
};

/** Listens, or throws an {@link AppError} (`unavailable`) of one line that says which port and what to do. */
export async function listen(server: Server, address: ListenAddress): Promise<void> {
  const { host, port } = address;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenFailure(address, error)));
    server.listen({ host, port }, resolve);
  });
}

/** Why an address cannot be had, in one line that says what to do. */
export function listenFailure(
  { host, port, setting }: ListenAddress,
  error: NodeJS.ErrnoException,
): AppError {
  const reason = REASONS[error.code ?? ""] ?? error.message;
  const text = `${setting}: cannot listen on ${host}:${port}, ${reason}. Stop that program or set another ${setting}.`;
  return new AppError("unavailable", text, { cause: error });
}
