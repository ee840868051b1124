import tls from "node:tls";
import { testCertificates } from "./certificates.ts";

/** A connection on which a test writes bytes of its own choice. */
export interface RawConnection {
  readonly socket: tls.TLSSocket;
  /** Everything that came so far. */
  received(): string;
  write(text: string | Buffer): void;
  /** Waits until what came matches. */
  receive(pattern: RegExp): Promise<string>;
  /** Waits until the other side has closed, and yields all that came. */
  closed(): Promise<string>;
}

export async function connectRaw(port: number): Promise<RawConnection> {
  const { ca } = await testCertificates();
  const socket = tls.connect({ host: "127.0.0.1", port, ca });
  const chunks: Buffer[] = [];
  let over = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    over = true;
    wake();
  });
  await new Promise<void>((resolve) => socket.once("secureConnect", resolve));
  const received = () => Buffer.concat(chunks).toString("latin1");
  const wait = (done: () => boolean, what: string) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited for ${what}; got ${received()}`)), 20_000);
      const check = () => {
        if (!done() && !over) return;
        clearTimeout(timer);
        waiting.delete(check);
        if (done()) resolve(received());
        else reject(new Error(`closed before ${what}; got ${received()}`));
      };
      waiting.add(check);
      check();
    });
  return {
    socket,
    received,
    write: (text) => socket.write(text as string),
    receive: (pattern) => wait(() => pattern.test(received()), String(pattern)),
    closed: () => wait(() => over, "close"),
  };
}

/** Sends one request and yields all that comes until the connection closes. */
export async function exchange(
  port: number,
  text: string,
  encoding: BufferEncoding = "utf8",
): Promise<string> {
  const connection = await connectRaw(port);
  connection.write(Buffer.from(text, encoding));
  try {
    return await connection.closed();
  } finally {
    connection.socket.destroy();
  }
}
