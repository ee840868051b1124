import { constants, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";

/** Passes the bytes of each direction on as fast as the other end takes them, and its end; where one breaks off, so does the other. */
export function joinBoth(stream: ServerHttp2Stream, socket: Duplex): void {
  stream.pipe(socket);
  socket.pipe(stream);
  socket.on("close", () => {
    // After its end the hub may still be reading what came before; what it still says, nobody hears.
    if (stream.writableEnded) stream.resume();
    else stream.close(constants.NGHTTP2_CONNECT_ERROR);
  });
  stream.on("close", () => {
    // Where both directions have ended, what was sent last is still on its way.
    if (!socket.writableEnded || !socket.readableEnded) socket.destroy();
  });
}
