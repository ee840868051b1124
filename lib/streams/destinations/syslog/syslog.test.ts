import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findRsyslogd } from "../../../../scripts/rsyslog.ts";
import { batchOf, calls } from "../testing/batches.ts";
import { type ReceiverCertificates, receiverCertificates } from "../testing/certificates.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";
import { type SyslogServer, startRsyslog } from "../testing/rsyslog.ts";
import { SyslogSettings } from "./schema.ts";

const rsyslogd = findRsyslogd();
const skipped =
  rsyslogd === undefined ? " (skipped: rsyslog with rsyslog-openssl is not installed here)" : "";
const numbersIn = (server: SyslogServer) =>
  server.messages().map(({ text }) => JSON.parse(text.replace(/^\ufeff/, "")).no);

let certificates: ReceiverCertificates;
beforeAll(async () => {
  permitLoopback();
  certificates = await receiverCertificates();
});

describe.skipIf(rsyslogd === undefined)(`rsyslog over TLS${skipped}`, () => {
  let server: SyslogServer;
  beforeAll(async () => {
    server = await startRsyslog(rsyslogd!, certificates);
  });
  afterAll(() => server.close());

  const opened = (settings: object = {}, { certificate, key } = certificates.client) =>
    open(
      "syslog",
      {
        host: "localhost",
        port: server.port,
        ca: certificates.ca,
        clientCertificate: certificate,
        ...settings,
      },
      { clientKey: key },
    );

  test("gets every message whole and once, with its structured data, also of 100 KB and with line breaks", async () => {
    const long = calls(201, 1, { message: `${"x".repeat(100_000)} end` });
    const forged = calls(202, 1, { email: 'al"ice]\\', message: "a\n<13>1 forged ünï ✓" });
    const records = [...calls(1, 200), ...long, ...forged];
    const batch = batchOf(records);
    expect(await sendOnce(opened({ maxMessageBytes: 200_000 }), batch)).toEqual({ is: "taken" });
    await expect.poll(() => server.messages().length).toBe(202);
    const messages = server.messages();
    expect(messages.map(({ text }) => JSON.parse(text.replace(/^\ufeff/, "")))).toEqual(
      batch.records.map(({ text }) => JSON.parse(text)),
    );
    expect(messages[0]).toMatchObject({
      pri: "109",
      host: "kubewitness.example",
      app: "kubewitness",
      kind: "requests",
    });
    expect(messages[201]!.data).toContain('user="al\\"ice\\]\\\\"');
  });

  test("takes nobody without a certificate, nor one of another authority, and that is no success", async () => {
    const before = server.messages().length;
    const without = open("syslog", { host: "localhost", port: server.port, ca: certificates.ca });
    for (const destination of [without, opened({}, certificates.strange)]) {
      const outcome = await sendOnce(destination, batchOf(calls(900, 3)));
      expect(outcome).toMatchObject({ is: "later", reason: /certificate|closed the connection/ });
    }
    expect(server.messages().length).toBe(before);
  });

  test("is not spoken to where its certificate is of another authority", async () => {
    const outcome = await sendOnce(opened({ ca: "" }), batchOf());
    expect(outcome).toMatchObject({ is: "later", reason: /authority that is not known/ });
  });

  test("is written to on one connection where that is set", async () => {
    const before = server.messages().length;
    const destination = opened({ confirm: "written" });
    for (const from of [1_001, 1_011]) {
      expect(await destination.send(batchOf(calls(from, 10)), AbortSignal.timeout(10_000))).toEqual({
        is: "taken",
      });
    }
    await destination.close();
    await expect.poll(() => server.messages().length).toBe(before + 20);
  });
});

describe.skipIf(rsyslogd === undefined)(`rsyslog over TCP${skipped}`, () => {
  test("has each batch that was taken once, behind a kill as well", async () => {
    const server = await startRsyslog(rsyslogd!);
    try {
      const destination = open("syslog", { host: "127.0.0.1", port: server.port, transport: "tcp" });
      const send = (from: number) => destination.send(batchOf(calls(from, 50)), AbortSignal.timeout(10_000));
      expect(await send(1)).toEqual({ is: "taken" });
      await server.kill();
      expect(await send(51)).toMatchObject({ is: "later", reason: /nothing listens/ });
      await server.restart();
      expect(await send(51)).toEqual({ is: "taken" });
      await destination.close();
      expect(numbersIn(server)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    } finally {
      await server.close();
    }
  });
});

describe("what counts as delivered", () => {
  let server: Server;
  let onSocket: (socket: Socket) => void;
  beforeAll(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      onSocket(socket);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(() => server.close());
  afterEach(() => {
    onSocket = () => {};
  });

  const opened = (settings: object = {}) =>
    open("syslog", {
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      transport: "tcp",
      ...settings,
    });

  test("a receiver that goes before it has everything has delivered nothing", async () => {
    onSocket = (socket) => socket.once("data", () => socket.destroy());
    const outcome = await sendOnce(opened(), batchOf(calls(1, 5_000)));
    expect(outcome).toMatchObject({ is: "later", reason: /closed the connection/ });
  });

  test("a receiver that ends its side at once has delivered nothing", async () => {
    onSocket = (socket) => {
      socket.end();
      socket.resume();
    };
    const outcome = await sendOnce(opened(), batchOf(calls(1, 4_000)));
    expect(outcome).toMatchObject({ is: "later" });
  });

  test("a receiver that never closes ends with the batch's time", async () => {
    onSocket = (socket) => socket.resume();
    const outcome = await sendOnce(opened(), batchOf(calls(1, 3)), AbortSignal.timeout(300));
    expect(outcome).toMatchObject({ is: "later" });
  });

  test("on a connection that is kept, the batch before one that broke is written again", async () => {
    const received: Buffer[][] = [];
    onSocket = (socket) => {
      const parts: Buffer[] = [];
      received.push(parts);
      socket.on("data", (part) => parts.push(part));
    };
    const destination = opened({ confirm: "written" });
    const numbers = (parts: Buffer[]) =>
      [...String(Buffer.concat(parts)).matchAll(/ no="(\d+)"/g)].map(([, no]) => Number(no));
    const send = (from: number) => destination.send(batchOf(calls(from, 2)), AbortSignal.timeout(10_000));
    let kept: Socket | undefined;
    const connected = onSocket;
    onSocket = (socket) => {
      kept = socket;
      connected(socket);
    };
    expect(await send(1)).toEqual({ is: "taken" });
    expect(await send(3)).toEqual({ is: "taken" });
    await expect.poll(() => numbers(received[0]!)).toEqual([1, 2, 3, 4]);
    kept!.destroy();
    // The first to notice is the writer: one batch may fail before the next connection, or be written to the broken one, and then again.
    await expect.poll(async () => [(await send(5)).is, received.length]).toEqual(["taken", 2]);
    await expect
      .poll(() => numbers(received[1]!).slice(0, 4))
      .toSatisfy((first: number[]) => ["3,4,5,6", "5,6,5,6"].includes(first.join()));
    await destination.close();
  });

  test("a message that is longer than the receiver takes is refused for good, uncut, and the others are sent", async () => {
    let text = "";
    onSocket = (socket) => {
      socket.on("data", (part) => {
        text += part;
      });
      socket.on("end", () => socket.end());
    };
    const records = [...calls(1, 1), ...calls(2, 1, { message: "x".repeat(5_000) }), ...calls(3, 1)];
    expect(await sendOnce(opened({ maxMessageBytes: 4_096 }), batchOf(records))).toMatchObject({
      is: "partly",
      refused: [
        { index: 1, forGood: true, reason: /has \d+ bytes, and the setting Longest message is 4096/ },
      ],
    });
    expect([...text.matchAll(/ no="(\d+)"/g)].map(([, no]) => no)).toEqual(["1", "3"]);
  });
});

test.each([
  [{ host: "syslog.example.org" }, true],
  [{ host: "2001:db8::1", port: 601, transport: "tcp" }, true],
  [{ host: "syslog.example.org:514" }, true],
  [{ host: "a b" }, false],
  [{ host: "x", port: 0 }, false],
  [{ host: "x", transport: "udp" }, false],
  [{ host: "x", maxMessageBytes: 100 }, false],
])("settings %j: %s", (settings, taken) => {
  expect(SyslogSettings.safeParse(settings).success).toBe(taken);
});
