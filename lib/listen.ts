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
export async function listen(server: Server, { host, port, setting }: ListenAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ""] ?? error.message;
      const text = `${setting}: cannot listen on ${host}:${port}, ${reason}. Stop that program or set another ${setting}.`;
      reject(new AppError("unavailable", text, { cause: error }));
    });
    server.listen({ host, port }, resolve);
  });
}
