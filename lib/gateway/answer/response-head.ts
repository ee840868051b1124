import type { Duplex } from "node:stream";

/** Writes a response's head by hand, where Node has no response object. `headers`: names and values in turn. */
export function writeResponseHead(
  socket: Duplex,
  code: number,
  phrase: string,
  headers: readonly string[],
): void {
  let head = `HTTP/1.1 ${code} ${phrase}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  socket.write(`${head}\r\n`, "latin1");
}
