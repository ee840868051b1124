import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import type { Upstream } from "../../clusters/upstream.ts";
import { testCertificates } from "./certificates.ts";
import { testUpstream } from "./test-upstream.ts";

/** A request of a capture and the bytes that a real kube-apiserver answered. */
interface Exchange {
  /** Method and path, without the query. */
  request: string;
  answer: Buffer;
}

/** Answers over TLS, byte for byte, what a real kube-apiserver answered when it was captured. */
export interface ReplayServer {
  readonly upstream: Upstream;
  /** Method and path of what was asked, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** `captures`: files of lib/wire/fixtures, without `.jsonl`. What none of them holds is not answered: its connection ends. */
export async function startReplayServer(captures: readonly string[]): Promise<ReplayServer> {
  const exchanges = captures.flatMap(readExchanges);
  const { certificate, key, ca } = await testCertificates();
  const asked: string[] = [];
  const sockets = new Set<tls.TLSSocket>();
  const server = tls.createServer({ cert: certificate, key }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    let unread: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      for (let end = endOfRequest(unread); end !== null; end = endOfRequest(unread)) {
        const request = nameRequest(unread);
        unread = unread.subarray(end);
        asked.push(request);
        const answer = exchanges.find((each) => each.request === request)?.answer;
        if (answer === undefined) return socket.destroy();
        socket.write(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upstream = testUpstream({ url, ca, token: "gateway-credential" });
  return {
    asked,
    upstream,
    async close() {
      await upstream.calls.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The exchanges of one captured connection: what the server sent between one request and the next. */
function readExchanges(capture: string): Exchange[] {
  const file = new URL(`../../wire/fixtures/${capture}.jsonl`, import.meta.url);
  const exchanges: Exchange[] = [];
  for (const line of readFileSync(file, "utf8").trimEnd().split("\n")) {
    const { d: from, b } = JSON.parse(line) as { d?: "c" | "s"; b?: string };
    if (b === undefined) continue;
    const bytes = Buffer.from(b, "base64");
    const last = exchanges.at(-1);
    if (from === "c") exchanges.push({ request: nameRequest(bytes), answer: Buffer.alloc(0) });
    else if (last) last.answer = Buffer.concat([last.answer, bytes]);
  }
  return exchanges;
}

const nameRequest = (bytes: Buffer): string => /^\S+ [^?\s]+/.exec(bytes.toString("latin1"))?.[0] ?? "";

/** Where the first request ends, with its body; null where it is not whole yet. */
function endOfRequest(bytes: Buffer): number | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return null;
  const head = bytes.toString("latin1", 0, headEnd);
  const bodyStart = headEnd + 4;
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const last = bytes.indexOf("0\r\n\r\n", bodyStart);
    return last === -1 ? null : last + 5;
  }
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return bytes.length < bodyStart + length ? null : bodyStart + length;
}
