import { describe, expect, it } from "vitest";
import fc from "../../test/properties.ts";
import { readCapture } from "./fixtures/read-capture.ts";
import { SessionInspector, type SessionInspectorOptions } from "./session-inspector.ts";
import { SpdyFrameEncoder } from "./spdy-encode.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "./websocket-frames.ts";
import { WireError } from "./wire-error.ts";

const V5 = { kind: "websocket", subprotocol: "v5.channel.k8s.io" } as const;
const SPDY_V4 = { kind: "spdy", version: "v4.channel.k8s.io" } as const;
const TUNNEL = { kind: "websocket", subprotocol: "SPDY/3.1+portforward.k8s.io" } as const;
const MASK = Uint8Array.of(4, 3, 2, 1);

/** Feeds a capture, each read cut into pieces of at most `piece` bytes. */
function inspect(
  name: string,
  options: SessionInspectorOptions,
  piece: (index: number) => number,
): SessionInspector {
  const inspector = new SessionInspector(options);
  let index = 0;
  for (const { from, bytes } of readCapture(name).chunks) {
    for (let at = 0; at < bytes.length; ) {
      const length = piece(index++);
      const cut = bytes.subarray(at, at + length);
      expect(from === "client" ? inspector.fromClient(cut) : inspector.fromServer(cut)).toBeNull();
      at += length;
    }
  }
  return inspector;
}

const CUTS = [
  ["whole", () => Number.MAX_SAFE_INTEGER],
  ["byte by byte", () => 1],
  ["by seven", () => 7],
] as const;

describe.each(CUTS)("SessionInspector, %s", (_name, piece) => {
  it.each([
    [
      "exec-websocket-v5-stdout-stderr-exit7-kubectl1.32",
      V5,
      { stdin: 0, stdout: 4, stderr: 4, exitCode: 7 },
    ],
    ["exec-websocket-v5-stdin-eof-kubectl1.32", V5, { stdin: 6, stdout: 6, stderr: 0, exitCode: 0 }],
    ["exec-websocket-v5-client-pings-kubectl1.32", V5, { stdin: 0, stdout: 0, stderr: 0, exitCode: 0 }],
    ["exec-websocket-v5-no-such-command-kubectl1.32", V5, { stdin: 0, stdout: 0, stderr: 0, exitCode: null }],
    ["exec-websocket-v5-kubectl1.36", V5, { stdin: 0, stdout: 0, stderr: 0, exitCode: 0 }],
    ["cp-to-pod-1-test-d-kubectl1.32", V5, { stdin: 0, stdout: 0, stderr: 0, exitCode: 1 }],
    ["cp-to-pod-2-tar-kubectl1.32", V5, { stdin: 2048, stdout: 0, stderr: 0, exitCode: 0 }],
    ["cp-from-pod-tar-kubectl1.32", V5, { stdin: 0, stdout: 2048, stderr: 44, exitCode: 0 }],
    [
      "exec-spdy-v4-stdout-stderr-exit7-kubectl1.20",
      SPDY_V4,
      { stdin: 0, stdout: 4, stderr: 4, exitCode: 7 },
    ],
    ["exec-spdy-v4-stdin-eof-kubectl1.20", SPDY_V4, { stdin: 6, stdout: 6, stderr: 0, exitCode: 0 }],
    ["exec-server1.36-spdy-v4", SPDY_V4, { stdin: 3, stdout: 3, stderr: 0, exitCode: 0 }],
    ["exec-spdy-kubectl1.29", SPDY_V4, { stdin: 0, stdout: 0, stderr: 0, exitCode: 0 }],
  ] as const)("counts %s", (name, protocol, expected) => {
    const { command } = inspect(name, { subresource: "exec", protocol }, piece);
    const { stdinBytes: stdin, stdoutBytes: stdout, stderrBytes: stderr } = command!;
    expect({ stdin, stdout, stderr, exitCode: command!.outcome?.exitCode }).toEqual(expected);
    expect(command!.finished).toBe(true);
  });

  it.each([
    ["exec-websocket-v5-tty-resize-kubectl1.32", V5],
    ["exec-spdy-v4-tty-resize-kubectl1.20", SPDY_V4],
  ] as const)("gives the recorder the content of %s", (name, protocol) => {
    const seen = { stdin: "", stdout: "", sizes: [] as unknown[] };
    const callbacks = {
      onStdin: (data: Buffer) => {
        seen.stdin += data.toString("latin1");
      },
      onStdout: (data: Buffer) => {
        seen.stdout += data.toString("latin1");
      },
      onResize: (size: unknown) => {
        seen.sizes.push(size);
      },
    };
    const { command } = inspect(name, { subresource: "exec", protocol, callbacks }, piece);
    expect(seen.stdin).toBe("stty size\nexit 3\n");
    expect(seen.stdout).toContain("stty size\r\n40 120\r\n");
    expect(seen.sizes).toEqual([{ width: 120, height: 40 }]);
    expect(command!.outcome).toMatchObject({ exitCode: 3, reason: "NonZeroExitCode" });
    expect(command!.stdoutBytes).toBe(seen.stdout.length);
  });

  it("watches an attach", () => {
    const { command } = inspect(
      "attach-websocket-v5-tty-kubectl1.32",
      { subresource: "attach", protocol: V5 },
      piece,
    );
    // That kubectl ran on a terminal without a size.
    expect(command!.size).toEqual({ width: 0, height: 0 });
    expect(command!.outcome?.exitCode).toBe(0);
  });

  it.each([
    [
      "portforward-websocket-tunnelled-spdy-kubectl1.32",
      TUNNEL,
      { connections: 2, failed: 0, toPod: 79 + 83, fromPod: 216 + 231 },
    ],
    ["portforward-server1.36-websocket", TUNNEL, { connections: 1, failed: 0, toPod: 79, fromPod: 216 }],
    [
      "portforward-spdy-kubectl1.20",
      { kind: "spdy", version: "portforward.k8s.io" },
      { connections: 2, failed: 0, toPod: 79 + 83, fromPod: 216 + 231 },
    ],
    [
      "portforward-websocket-refused-port-kubectl1.32",
      TUNNEL,
      { connections: 1, failed: 1, toPod: 79, fromPod: 0 },
    ],
  ] as const)("counts %s", (name, protocol, expected) => {
    const { portForward } = inspect(name, { subresource: "portforward", protocol }, piece);
    const { connections, failedConnections: failed, bytesToPod: toPod, bytesFromPod: fromPod } = portForward!;
    expect({ connections, failed, toPod, fromPod }).toEqual(expected);
    expect(portForward!.ports).toEqual(failed === 1 ? [9999] : [8080]);
    if (failed === 1) expect(portForward!.firstError).toContain("connection refused");
  });
});

it("SessionInspector counts the same however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (lengths) => {
      const piece = (index: number) => lengths[index % lengths.length]!;
      const exec = inspect(
        "exec-spdy-v4-tty-resize-kubectl1.20",
        { subresource: "exec", protocol: SPDY_V4 },
        piece,
      );
      expect(exec.command!.outcome?.exitCode).toBe(3);
      const forward = inspect(
        "portforward-websocket-tunnelled-spdy-kubectl1.32",
        { subresource: "portforward", protocol: TUNNEL },
        piece,
      );
      expect(forward.portForward!.bytesFromPod).toBe(216 + 231);
    }),
    { numRuns: 30 },
  );
});

describe("SessionInspector, attacked", () => {
  const streams = (encoder: SpdyFrameEncoder, types: string[], extra: Record<string, string> = {}) =>
    Buffer.concat(
      types.map((type, index) =>
        encoder.synStream({
          streamId: index * 2 + 1,
          headers: new Map(
            Object.entries({ streamtype: type, ...extra }).map(([name, value]) => [name, [value]]),
          ),
        }),
      ),
    );
  const exec = () => new SessionInspector({ subresource: "exec", protocol: SPDY_V4 });
  const forward = () =>
    new SessionInspector({
      subresource: "portforward",
      protocol: { kind: "spdy", version: "portforward.k8s.io" },
    });
  const channels = () => new SessionInspector({ subresource: "exec", protocol: V5 });
  const message = (payload: Buffer) =>
    encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload, maskKey: MASK });

  it("refuses a second stream of one type, and stays refused", () => {
    const inspector = exec();
    const error = inspector.fromClient(streams(new SpdyFrameEncoder(), ["error", "stdin", "stdin"]));
    expect(error).toBeInstanceOf(WireError);
    expect(error?.code).toBe("duplicate-stream-type");
    expect(inspector.fromServer(Buffer.from("anything"))).toBe(error);
  });

  it("refuses streams of unknown type, data without a stream, and streams from the server", () => {
    expect(exec().fromClient(streams(new SpdyFrameEncoder(), ["mystery"]))?.code).toBe("unknown-stream");
    expect(exec().fromClient(new SpdyFrameEncoder().dataHeader(9, 5))?.code).toBe("unknown-stream");
    const push = new SpdyFrameEncoder().synStream({ streamId: 2, headers: new Map() });
    expect(exec().fromServer(push)?.code).toBe("unknown-stream");
  });

  it("refuses a second stream for one forwarded connection, and ports that are none", () => {
    const pair = { port: "80", requestid: "0" };
    expect(forward().fromClient(streams(new SpdyFrameEncoder(), ["error", "data", "data"], pair))?.code).toBe(
      "duplicate-stream-type",
    );
    for (const port of ["0", "65536", "8o", "", "-1"]) {
      expect(
        forward().fromClient(streams(new SpdyFrameEncoder(), ["data"], { port, requestid: "0" }))?.code,
      ).toBe("unknown-stream");
    }
  });

  it("takes any number of forwarded connections one after the other, but not all at once", () => {
    const open = (count: number, close: boolean) => {
      const inspector = forward();
      const encoder = new SpdyFrameEncoder();
      const reply = new SpdyFrameEncoder();
      for (let index = 0; index < count; index++) {
        const streamId = index * 2 + 1;
        const headers = new Map([
          ["streamtype", ["data"]],
          ["port", ["80"]],
          ["requestid", [String(index)]],
        ]);
        const error = inspector.fromClient(encoder.synStream({ streamId, headers }));
        if (error !== null) return error.code;
        if (close) inspector.fromServer(reply.rstStream(streamId, 5));
      }
      return inspector.portForward!.connections;
    };
    expect(open(5_000, true)).toBe(5_000);
    expect(open(5_000, false)).toBe("too-many-streams");
  });

  it("refuses unknown channels, a status without end, and resize messages without end", () => {
    expect(channels().fromClient(message(Buffer.from([9, 1])))?.code).toBe("unknown-channel");
    const v4 = new SessionInspector({
      subresource: "exec",
      protocol: { kind: "websocket", subprotocol: "v4.channel.k8s.io" },
    });
    expect(v4.fromClient(message(Buffer.from([255, 0])))?.code).toBe("unknown-channel");
    const status = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.alloc(300_000, 3) });
    expect(channels().fromServer(status)?.code).toBe("status-too-large");
    expect(channels().fromClient(message(Buffer.alloc(5_000, 4)))?.code).toBe("malformed-message");
  });

  it("refuses a subprotocol that it cannot read", () => {
    expect(
      () => new SessionInspector({ subresource: "exec", protocol: { kind: "websocket", subprotocol: "x" } }),
    ).toThrow(WireError);
  });

  it("answers garbage with an error or nothing, never with another exception", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(exec, forward, channels),
        (bytes, make) => {
          for (const side of ["fromClient", "fromServer"] as const) {
            const error = make()[side](bytes);
            expect(error === null || error instanceof WireError).toBe(true);
          }
        },
      ),
    );
  });
});

describe("SessionInspector, port-forward by channels", () => {
  it("leaves out the announced ports and keeps the error", () => {
    const inspector = new SessionInspector({
      subresource: "portforward",
      protocol: { kind: "websocket", subprotocol: "v4.channel.k8s.io" },
      ports: [80, 81],
    });
    const server = (payload: Buffer) =>
      inspector.fromServer(encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload }));
    for (const channel of [0, 1, 2, 3]) expect(server(Buffer.from([channel, 80, 0]))).toBeNull();
    server(Buffer.from("\0hello"));
    server(Buffer.from("\x03refused"));
    inspector.fromClient(
      encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("\x02abc"), maskKey: MASK }),
    );
    expect(inspector.portForward).toMatchObject({
      bytesToPod: 3,
      bytesFromPod: 5,
      failedConnections: 1,
      firstError: "refused",
      ports: [80, 81],
    });
    expect(server(Buffer.from([4, 0]))?.code).toBe("unknown-channel");
  });
});
