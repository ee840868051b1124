import { timingSafeEqual } from "node:crypto";
import type net from "node:net";
import { joinGateway, type Relay, startRelay } from "./relay-socket.ts";

const HANDSHAKE_TIMEOUT_MS = 10_000;
const MOST_HANDSHAKE_BYTES = 1024;
const VERSION = 5;
const USERNAME_AND_PASSWORD = 2;
const CONNECT = 1;
const ADDRESS_LENGTHS: Record<number, number> = { 1: 4, 4: 16 };
const DOMAIN_NAME = 3;

/**
 * A SOCKS5 proxy (RFC 1928) on loopback that knows one destination: whoever has the password (RFC 1929) is joined to the gateway's
 * socket, whatever address was asked for. Any program of this host can connect, hence the password.
 */
export function startSocksRelay({
  password,
  apiSocket,
}: {
  password: string;
  apiSocket: string;
}): Promise<Relay> {
  return startRelay({ host: "127.0.0.1", port: 0 }, (client) => {
    void shakeHands(client, password).then(
      (rest) => {
        if (rest.length > 0) client.unshift(rest);
        joinGateway(client, apiSocket, () => client.write(answer(0)));
      },
      () => client.destroy(),
    );
  });
}

/** Bytes of a client, read as they are asked for, within bounds. */
class Reader {
  #held = Buffer.alloc(0);
  #total = 0;
  readonly #client: net.Socket;

  constructor(client: net.Socket) {
    this.#client = client;
  }

  async take(count: number): Promise<Buffer> {
    while (this.#held.length < count) {
      const chunk = this.#client.read() as Buffer | null;
      if (chunk === null) {
        await new Promise<void>((resolve, reject) => {
          this.#client.once("readable", resolve).once("end", reject).once("close", reject);
        });
        if (this.#client.readableEnded || this.#client.destroyed) throw new Error("ended");
        continue;
      }
      this.#total += chunk.length;
      if (this.#total > MOST_HANDSHAKE_BYTES && this.#held.length < count) throw new Error("too long");
      this.#held = Buffer.concat([this.#held, chunk]);
    }
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  rest(): Buffer {
    return this.#held;
  }
}

/** Returns what the client sent after it; throws where the client may not. */
async function shakeHands(client: net.Socket, password: string): Promise<Buffer> {
  const timer = setTimeout(() => client.destroy(), HANDSHAKE_TIMEOUT_MS);
  try {
    const reader = new Reader(client);
    const [version, methodCount = 0] = await reader.take(2);
    const methods = await reader.take(methodCount);
    if (version !== VERSION || !methods.includes(USERNAME_AND_PASSWORD)) throw new Error("no password");
    client.write(Buffer.from([VERSION, USERNAME_AND_PASSWORD]));
    const [, nameLength = 0] = await reader.take(2);
    await reader.take(nameLength);
    const [passwordLength = 0] = await reader.take(1);
    const given = await reader.take(passwordLength);
    const expected = Buffer.from(password);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new Error("another password");
    client.write(Buffer.from([1, 0]));
    const [, command, , addressType = 0] = await reader.take(4);
    if (command !== CONNECT) throw new Error("not CONNECT");
    const length =
      addressType === DOMAIN_NAME ? ((await reader.take(1))[0] ?? 0) : ADDRESS_LENGTHS[addressType];
    if (length === undefined) throw new Error("no such address type");
    await reader.take(length + 2);
    return reader.rest();
  } finally {
    clearTimeout(timer);
  }
}

const answer = (code: number) => Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]);
