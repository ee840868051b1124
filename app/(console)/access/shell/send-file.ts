import { UPLOAD_CHUNK_BYTES } from "../../../../lib/terminal/sessions/schema.ts";
import type { TerminalConnection } from "./terminal-connection.ts";

/** So much may be on its way: half of what the gateway lets wait. */
const MOST_UNDERWAY_BYTES = 8 * UPLOAD_CHUNK_BYTES;

/**
 * Sends a file piece by piece, no faster than it arrives, until all of it was sent or `signal` is aborted: a piece that nobody waits for is
 * misuse of the socket. `hear`: who is to be told how much has arrived. Answers whether all of it was sent.
 */
export async function sendFile(
  connection: TerminalConnection,
  id: string,
  file: File,
  { hear, signal }: { hear: (arrived: (bytes: number) => void) => void; signal: AbortSignal },
): Promise<boolean> {
  let arrived = 0;
  let wake = () => {};
  hear((bytes) => {
    arrived = bytes;
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  const untilArrived = async (bytes: number) => {
    while (arrived < bytes && !signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  connection.send({ type: "upload", id, name: file.name, size: file.size });
  for (let at = 0; at < file.size; at += UPLOAD_CHUNK_BYTES) {
    await untilArrived(at - MOST_UNDERWAY_BYTES + 1);
    const piece = await file.slice(at, at + UPLOAD_CHUNK_BYTES).arrayBuffer();
    if (signal.aborted) return false;
    connection.sendFile(piece);
  }
  await untilArrived(file.size);
  if (signal.aborted) return false;
  connection.send({ type: "uploadEnd", id });
  return true;
}
