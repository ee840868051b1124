import { openTcp } from "../network/open-tls.ts";
import { joinBoth } from "./join-both.ts";
import type { StreamOpener } from "./stream-opener.ts";

/** Mode `gateway`: bytes pass as they are. They are TLS between gateway and API server, which this agent cannot read. */
export function passThrough(address: { host: string; port: number }): StreamOpener {
  return {
    async open(stream, signal) {
      const socket = await openTcp({ ...address, allowHalfOpen: true }, signal);
      if (stream.destroyed) {
        socket.destroy();
        return;
      }
      stream.respond({ ":status": 200 });
      joinBoth(stream, socket);
    },
    drain: () => undefined,
  };
}
