import { UPLOAD_CHUNK_BYTES } from "../../../../lib/terminal/sessions/schema.ts";
import type { TerminalConnection } from "./terminal-connection.ts";

/** So much may be on its way: half of what the gateway lets wait. */
const MOST_UNDERWAY_BYTES = 8 * UPLOAD_CHUNK_BYTES;

/** Sends a file piece by piece, no faster than it arrives. `hear`: who is to be told how much has arrived. Resolves when all of it was sent. */
export async function sendFile(
  connection: TerminalConnection,
  id: string,
  file: File,
  hear: (arrived: (bytes: number) => void) => void,
): Promise<void> {
  let arrived = 0;
  let wake = () => {};
  hear((bytes) => {
    arrived = bytes;
    wake();
  });
  connection.send({ type: "upload", id, name: file.name, size: file.size });
  for (let at = 0; at < file.size; at += UPLOAD_CHUNK_BYTES) {
    while (at - arrived >= MOST_UNDERWAY_BYTES) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    connection.sendFile(await file.slice(at, at + UPLOAD_CHUNK_BYTES).arrayBuffer());
  }
  while (arrived < file.size) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  connection.send({ type: "uploadEnd", id });
}
