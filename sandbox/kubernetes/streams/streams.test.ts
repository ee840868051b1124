import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCapture } from "../../../lib/wire/fixtures/read-capture.ts";
import { SessionInspector, type SessionProtocol } from "../../../lib/wire/session-inspector.ts";
import { SpdyFrameEncoder } from "../../../lib/wire/spdy-encode.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../../../lib/wire/websocket-frames.ts";
import { runInContainer, startContainer } from "../shell/run-in-container.ts";
import { handleStreamUpgrade, type StreamRequest } from "./server.ts";

const runtime = startContainer();
const MASK = Uint8Array.of(1, 2, 3, 4);
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer();
  server.on("upgrade", (req, socket, head) => {
    const url = new URL(req.url ?? "/", "http://localhost");
    const flag = (name: string) => url.searchParams.get(name) === "true";
    handleStreamUpgrade(
      {
        subresource: url.pathname.split("/").at(-1) as StreamRequest["subresource"],
        namespace: "shop",
        pod: {
          name: "web-1",
          ip: "10.0.0.7",
          containers: [{ name: "web", image: "nginx:1.27", ports: [8080] }],
        },
        container: "web",
        command: url.searchParams.getAll("command"),
        stdin: flag("stdin"),
        stdout: flag("stdout"),
        stderr: flag("stderr"),
        tty: flag("tty"),
        ports: url.searchParams.getAll("ports").map(Number),
        runtime,
      },
      req,
      socket,
      head,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
  runtime.stop();
});

/** A raw client of the server; everything it receives is also put through the inspector. */
class Client {
  readonly socket: Socket;
  readonly inspector: SessionInspector | null;
  received: Buffer = Buffer.alloc(0);
  head = "";
  closed = false;

  constructor(
    path: string,
    headers: string[],
    inspected?: { subresource: StreamRequest["subresource"]; protocol: SessionProtocol; ports?: number[] },
  ) {
    this.inspector = inspected === undefined ? null : new SessionInspector(inspected);
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.socket.on("close", () => {
      this.closed = true;
    });
    this.socket.on("error", () => undefined);
    const method = headers.some((header) => /spdy/i.test(header) && header.startsWith("Upgrade"))
      ? "POST"
      : "GET";
    this.socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${headers.join("\r\n")}\r\n\r\n`,
    );
  }

  send(bytes: Buffer): void {
    expect(this.inspector?.fromClient(bytes) ?? null).toBeNull();
    this.socket.write(bytes);
  }

  async until(condition: () => boolean): Promise<void> {
    await expect.poll(condition, { interval: 5 }).toBe(true);
  }

  #take(chunk: Buffer): void {
    if (this.head.endsWith("\r\n\r\n")) {
      this.#record(chunk);
      return;
    }
    const text = this.head + chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    this.head = end === -1 ? text : text.slice(0, end + 4);
    if (end !== -1 && text.length > end + 4) this.#record(Buffer.from(text.slice(end + 4), "latin1"));
  }

  #record(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    expect(this.inspector?.fromServer(bytes) ?? null).toBeNull();
  }
}

const websocketHeaders = (subprotocol: string) => [
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ...(subprotocol === "" ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
];
const message = (payload: string | Buffer) =>
  encodeFrame({
    opcode: WEBSOCKET_OPCODE.binary,
    payload: Buffer.from(payload as string, "latin1"),
    maskKey: MASK,
  });
const query = (command: string[], flags = "stdout=true&stderr=true") =>
  `/exec?${command.map((word) => `command=${encodeURIComponent(word)}`).join("&")}&${flags}`;
const V5 = { kind: "websocket", subprotocol: "v5.channel.k8s.io" } as const;
const SPDY = { kind: "spdy", version: "v4.channel.k8s.io" } as const;
const spdyHeaders = (...versions: string[]) => [
  "Upgrade: SPDY/3.1",
  "Content-Length: 0",
  ...versions.map((version) => `X-Stream-Protocol-Version: ${version}`),
];

function openStreams(client: Client, types: string[], extra: Record<string, string> = {}): SpdyFrameEncoder {
  const encoder = new SpdyFrameEncoder();
  for (const [index, type] of types.entries()) {
    const entries = Object.entries({ streamtype: type, ...extra }).map(
      ([name, value]) => [name, [value]] as const,
    );
    client.send(encoder.synStream({ streamId: index * 2 + 1, headers: new Map(entries) }));
  }
  return encoder;
}

describe("exec over WebSocket", () => {
  it("answers as kube-apiserver does, byte for byte", async () => {
    const client = new Client(
      query(["sh", "-c", "echo out; exit 7"]),
      websocketHeaders("v5.channel.k8s.io"),
      { subresource: "exec", protocol: V5 },
    );
    await client.until(() => client.closed);
    expect(client.head).toBe(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
    );
    const captured = readCapture("exec-websocket-v5-stdout-stderr-exit7-kubectl1.32").server;
    const stderrMessage = Buffer.from("\x82\x05\x02err\n", "latin1");
    const at = captured.indexOf(stderrMessage);
    expect(client.received).toEqual(
      Buffer.concat([captured.subarray(0, at), captured.subarray(at + stderrMessage.length)]),
    );
  });

  it("gives a missing command the words of the captured answer", async () => {
    const client = new Client(query(["nosuchcmd"]), websocketHeaders("v5.channel.k8s.io"), {
      subresource: "exec",
      protocol: V5,
    });
    await client.until(() => client.closed);
    const anyId = (bytes: Buffer) => bytes.toString("latin1").replaceAll(/[0-9a-f]{64}/g, "<id>");
    expect(anyId(client.received)).toBe(
      anyId(readCapture("exec-websocket-v5-no-such-command-kubectl1.32").server),
    );
  });

  it("ends stdin by the close signal, and answers pings", async () => {
    const client = new Client(
      query(["cat"], "stdin=true&stdout=true"),
      websocketHeaders("v5.channel.k8s.io"),
      { subresource: "exec", protocol: V5 },
    );
    client.send(encodeFrame({ opcode: WEBSOCKET_OPCODE.ping, payload: Buffer.from("p"), maskKey: MASK }));
    client.send(message("\0hello\n"));
    client.send(message("\xff\0"));
    await client.until(() => client.closed);
    expect(client.received.includes(Buffer.from("\x8a\x01p", "latin1"))).toBe(true);
    expect(client.inspector!.command).toMatchObject({
      stdinBytes: 6,
      stdoutBytes: 6,
      stdinClosed: true,
      outcome: { exitCode: 0 },
    });
  });

  it.each(["v4.channel.k8s.io", "v4.base64.channel.k8s.io"])(
    "speaks %s, with kubelet's own Status",
    async (subprotocol) => {
      const client = new Client(
        query(["sh", "-c", "echo a >&2; exit 9"]),
        websocketHeaders(`base64url.bearer.authorization.k8s.io.dG9r, ${subprotocol}`),
        {
          subresource: "exec",
          protocol: { kind: "websocket", subprotocol },
        },
      );
      await client.until(() => client.closed);
      expect(client.inspector!.command).toMatchObject({
        stderrBytes: 2,
        outcome: {
          exitCode: 9,
          message:
            "command terminated with non-zero exit code: error executing command [sh -c echo a >&2; exit 9], exit code 9",
        },
      });
    },
  );

  it.each(["", "channel.k8s.io", "base64.channel.k8s.io"])(
    "speaks %j, without a Status on success",
    async (subprotocol) => {
      const client = new Client(query(["echo", "x"]), websocketHeaders(subprotocol), {
        subresource: "exec",
        protocol: { kind: "websocket", subprotocol },
      });
      await client.until(() => client.closed);
      expect(client.head.includes("Sec-WebSocket-Protocol")).toBe(subprotocol !== "");
      expect(client.inspector!.command).toMatchObject({
        stdoutBytes: 2,
        outcome: { exitCode: 0, message: "" },
      });
    },
  );

  it("refuses unknown subprotocols and half a handshake", async () => {
    const unknown = new Client(query(["true"]), websocketHeaders("chat"));
    await unknown.until(() => unknown.closed);
    expect(unknown.head).toMatch(/^HTTP\/1.1 403 Forbidden/);
    const half = new Client(query(["true"]), ["Upgrade: websocket"]);
    await half.until(() => half.closed);
    expect(half.head).toMatch(/^HTTP\/1.1 400 Bad Request/);
  });

  it("ends the command when the client goes", async () => {
    const client = new Client(query(["sleep", "4321"]), websocketHeaders("v5.channel.k8s.io"));
    await client.until(() => client.received.length > 0);
    const list = async () => (await runInContainer(runtime, ["ps"])).stdout;
    await expect.poll(list).toContain("sleep 4321");
    client.socket.destroy();
    await expect.poll(list).not.toContain("sleep 4321");
  });

  it("closes on a malformed frame", async () => {
    const client = new Client(
      query(["cat"], "stdin=true&stdout=true"),
      websocketHeaders("v5.channel.k8s.io"),
    );
    await client.until(() => client.received.length > 0);
    client.socket.write(Buffer.from([0x82, 0]));
    await client.until(() => client.closed);
    expect(client.received.includes(Buffer.from([0x03, 0xea]))).toBe(true);
  });

  it("holds the client back while the command does not read", async () => {
    const client = new Client(query(["sleep", "100"], "stdin=true"), websocketHeaders("v5.channel.k8s.io"));
    await client.until(() => client.received.length > 0);
    const chunk = message(Buffer.alloc(32_000));
    for (let index = 0; index < 3_000; index++) client.socket.write(chunk);
    await runInContainer(runtime, ["sleep", "0.3"]);
    // 96 MB were sent: all but what the kernel's buffers and one pipe hold has stayed with the client.
    expect(client.socket.writableLength).toBeGreaterThan(60_000_000);
    client.socket.destroy();
  });
});

describe("exec over SPDY", () => {
  it("answers as kubelet does, byte for byte", async () => {
    const client = new Client(
      query(["cat"], "stdin=true&stdout=true&stderr=true"),
      spdyHeaders("v5.channel.k8s.io", "v4.channel.k8s.io"),
      { subresource: "exec", protocol: SPDY },
    );
    await client.until(() => client.head !== "");
    expect(client.head).toMatch(
      /^HTTP\/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY\/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\nDate: /,
    );
    const encoder = openStreams(client, ["error", "stdin", "stdout", "stderr"]);
    client.send(
      Buffer.concat([encoder.dataHeader(3, 6), Buffer.from("hello\n"), encoder.dataHeader(3, 0, true)]),
    );
    await client.until(() => client.closed);
    const ending = (bytes: Buffer) => bytes.subarray(bytes.indexOf("000000050000000668656c6c6f0a", 0, "hex"));
    // Stdin was finished by the client: the capture resets it all the same, for the server never finished its half.
    expect(ending(client.received)).toEqual(ending(readCapture("exec-spdy-v4-stdin-eof-kubectl1.20").server));
    expect(client.inspector!.command!.outcome?.exitCode).toBe(0);
  });

  it("negotiates v1 to v4, and refuses the rest", async () => {
    const client = new Client(query(["sh", "-c", "exit 4"], "stdout=true"), spdyHeaders("channel.k8s.io"), {
      subresource: "exec",
      protocol: { kind: "spdy", version: "channel.k8s.io" },
    });
    openStreams(client, ["error", "stdout"]);
    await client.until(() => client.closed);
    expect(client.inspector!.command!.outcome?.message).toBe(
      "command terminated with non-zero exit code: error executing command [sh -c exit 4], exit code 4",
    );
    const refused = new Client(query(["true"]), spdyHeaders("v9.channel.k8s.io"));
    await refused.until(() => refused.closed);
    expect(refused.head).toMatch(/^HTTP\/1.1 403 Forbidden/);
  });

  it.each([
    ["duplicate stream types", ["error", "stdout", "stdout"]],
    ["streams that were not asked for", ["error", "stdin"]],
  ])("ends a session with %s", async (_name, types) => {
    const client = new Client(query(["sleep", "100"]), spdyHeaders("v4.channel.k8s.io"));
    openStreams(client, types);
    await client.until(() => client.closed);
  });
});

describe("port-forward", () => {
  const get = "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  it("reaches the pod's port over SPDY, and says why another is refused", async () => {
    const client = new Client("/portforward", spdyHeaders("portforward.k8s.io"), {
      subresource: "portforward",
      protocol: { kind: "spdy", version: "portforward.k8s.io" },
    });
    const encoder = openStreams(client, ["error", "data"], { port: "8080", requestid: "0" });
    client.send(Buffer.concat([encoder.dataHeader(3, get.length), Buffer.from(get)]));
    await client.until(() => client.received.includes("hello from web-1"));
    client.send(
      encoder.synStream({
        streamId: 5,
        headers: new Map([
          ["streamtype", ["error"]],
          ["port", ["9999"]],
          ["requestid", ["1"]],
        ]),
      }),
    );
    client.send(
      encoder.synStream({
        streamId: 7,
        headers: new Map([
          ["streamtype", ["data"]],
          ["port", ["9999"]],
          ["requestid", ["1"]],
        ]),
      }),
    );
    await client.until(() => client.inspector!.portForward!.failedConnections === 1);
    expect(client.inspector!.portForward!.firstError).toMatch(
      /^error forwarding port 9999 to pod [0-9a-f]{64}, uid : failed to execute portforward .*connection refused/,
    );
    client.socket.destroy();
  });

  it("tunnels SPDY through WebSocket", async () => {
    const tunnel = { kind: "websocket", subprotocol: "SPDY/3.1+portforward.k8s.io" } as const;
    const client = new Client("/portforward", websocketHeaders(tunnel.subprotocol), {
      subresource: "portforward",
      protocol: tunnel,
    });
    await client.until(() => client.head !== "");
    // What kubectl sent up to the answer of its first request; then it resets that stream.
    for (const { from, bytes } of readCapture("portforward-websocket-tunnelled-spdy-kubectl1.32").chunks) {
      if (bytes.includes("HTTP/1.1 200")) break;
      if (from === "client") client.send(bytes);
    }
    await client.until(() => client.received.includes("hello from web-1"));
    expect(client.inspector!.portForward).toMatchObject({ connections: 1, ports: [8080], bytesToPod: 79 });
    client.socket.destroy();
  });

  it("echoes on port 7 over channels, announcing ports first", async () => {
    const protocol = { kind: "websocket", subprotocol: "v4.channel.k8s.io" } as const;
    const client = new Client("/portforward?ports=7&ports=9999", websocketHeaders(protocol.subprotocol), {
      subresource: "portforward",
      protocol,
      ports: [7, 9999],
    });
    await client.until(() => client.inspector!.portForward!.failedConnections === 1);
    client.send(message("\0marco"));
    await client.until(() => client.received.includes("marco"));
    expect(client.received.subarray(0, 5)).toEqual(Buffer.from([0x82, 3, 0, 7, 0]));
    client.socket.destroy();
  });
});
