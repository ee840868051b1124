import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { API_SERVER_AUTHORITIES, type CredentialMode, readRefusal } from "../protocol/api-server-stream.ts";
import { DialError } from "./dial-error.ts";

/**
 * Asks an agent for a stream to its API server. Rejects with a {@link DialError}, or the signal's reason; nothing is left open then.
 * Afterwards the stream tells of its failure by `close`, as a socket does.
 */
export function openStream(
  session: ClientHttp2Session,
  { agent, credential, signal }: { agent: string; credential: CredentialMode; signal: AbortSignal },
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stream = request(session, credential);
    if (stream === null) return reject(DialError.lost(agent));
    // An error without a listener would end the process; what it means is in "close".
    stream.on("error", () => undefined);
    const settle = (act: () => void) => {
      stream.off("response", onResponse).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const fail = (error: unknown) => {
      settle(() => reject(error));
      stream.destroy();
    };
    const onResponse = (headers: IncomingHttpHeaders) => {
      const refusal = readRefusal(headers);
      if (refusal === null) settle(() => resolve(stream));
      else fail(new DialError(agent, refusal));
    };
    const onClose = () => fail(DialError.lost(agent));
    const onAbort = () => fail(signal.reason);
    stream.on("response", onResponse).on("close", onClose);
    signal.addEventListener("abort", onAbort);
  });
}

/** Null: the session takes no more. */
function request(session: ClientHttp2Session, credential: CredentialMode): ClientHttp2Stream | null {
  if (session.destroyed || session.closed) return null;
  return session.request(
    { ":method": "CONNECT", ":authority": API_SERVER_AUTHORITIES[credential] },
    { endStream: false },
  );
}
