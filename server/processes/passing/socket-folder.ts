import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** sockaddr_un has room for 104 bytes on macOS, for 108 on Linux, and for the zero at the end. */
const MOST_PATH_BYTES = 103;

/** Of the sockets in it: this one's, or one by which the gateway processes reach one another's agents (server/tunnels/). */
const LONGEST_NAME = "hub-100.sock";

export interface SocketFolder {
  /** Of the Unix socket; nothing is there yet. */
  path: string;
  remove(): void;
}

/**
 * A folder that nobody but this user can enter, for the Unix socket of the gateway processes: `run/` in the data folder, or one in the system's folder for
 * temporary files where the path would be too long for a socket.
 */
export function makeSocketFolder(data: string): SocketFolder {
  const kept = path.join(data, "run");
  const isShort = Buffer.byteLength(path.join(kept, LONGEST_NAME)) <= MOST_PATH_BYTES;
  const folder = isShort ? kept : mkdtempSync(path.join(tmpdir(), "kubewitness-run-"));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const socket = path.join(folder, "calls.sock");
  // A process that was killed leaves its own.
  rmSync(socket, { force: true });
  return { path: socket, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
