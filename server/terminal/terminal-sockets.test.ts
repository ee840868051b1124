import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../lib/gateway/testing/memory-recorder.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import {
  type OpenedTerminal,
  TERMINAL_PROTOCOL,
  TICKET_PROTOCOL_PREFIX,
} from "../../lib/terminal/sessions/schema.ts";
import { MOST_OF_PERSON } from "../../lib/terminal/sessions/terminals.ts";
import { lastEventNo, readEvents } from "../../test/installation.ts";
import { type Refused, SocketClient } from "./testing/socket-client.ts";
import { type SignedIn, startTerminalLab, type TerminalLab } from "./testing/terminal-lab.ts";

// What must not be possible at a terminal's socket, on real sockets (docs/security.md).

let lab: TerminalLab;
let alice: SignedIn;
let terminal: OpenedTerminal;
let before: number;

beforeAll(async () => {
  lab = await startTerminalLab();
}, 120_000);
afterAll(() => lab.close());
beforeEach(async () => {
  alice = await lab.signIn();
  terminal = await lab.open(alice);
  before = await lastEventNo(lab.installation);
});

const refusals = async () =>
  (await readEvents(lab.installation, before)).filter(({ status }) => status === "Failed");

async function expectRefused(answer: SocketClient | Refused, status: number): Promise<void> {
  expect(answer).not.toBeInstanceOf(SocketClient);
  expect(answer).toMatchObject({ status });
}

describe("a connection to a terminal", () => {
  test("is taken with the console's origin, the session's cookie and an unused ticket", async () => {
    const client = await lab.connect(alice, terminal);
    expect(client).toBeInstanceOf(SocketClient);
    const { socket, messages } = client as SocketClient;
    expect(socket.protocol).toBe(TERMINAL_PROTOCOL);
    await until(() => messages.length > 0, "the screen");
    expect(messages[0]).toMatchObject({ type: "screen", columns: 80, rows: 24 });
    expect(await refusals()).toEqual([]);
  });

  test.each([
    ["another site", "https://evil.example"],
    ["the console's host on another port", "http://127.0.0.1:1"],
    [
      "the console's host with another scheme",
      undefined,
      (origin: string) => origin.replace("http:", "https:"),
    ],
    ["the console's address with something behind", undefined, (origin: string) => `${origin}.evil.example`],
    ["an opaque page", "null"],
    ["no page", undefined],
  ])("from %s is refused, and an event", async (_what, origin, make?: (origin: string) => string) => {
    const answer = await lab.connect(alice, terminal, { origin: make ? make(lab.origin) : origin });
    await expectRefused(answer, 403);
    expect(await refusals()).toMatchObject([
      {
        action: "Login",
        entityId: terminal.terminalId,
        error: expect.stringContaining("refused: it comes from"),
      },
    ]);
  });

  test.each([
    ["no cookie", undefined],
    ["a made-up cookie", `kubewitness.session=${randomBytes(32).toString("hex")}`],
    ["a cookie of another name", "next-auth.session-token=x"],
  ])("with %s is refused, and an event", async (_what, cookie) => {
    await expectRefused(await lab.connect(alice, terminal, { cookie }), 401);
    expect(await refusals()).toMatchObject([{ error: expect.stringContaining("without a console session") }]);
  });

  test("with another person's cookie and a stolen ticket is refused, and the ticket is used up", async () => {
    const mallory = await lab.signIn();
    await expectRefused(await lab.connect(mallory, terminal), 403);
    expect(await refusals()).toMatchObject([
      { actorName: expect.stringMatching(/^person-/), entityId: terminal.terminalId },
    ]);
    await expectRefused(await lab.connect(alice, terminal), 403);
  });

  test("with one's own ticket reaches no terminal of another person's", async () => {
    const mallory = await lab.signIn();
    const own = await lab.open(mallory);
    await expectRefused(await lab.connect(mallory, { ...terminal, ticket: own.ticket }), 403);
    expect(await lab.terminals.list(mallory.ctx)).toHaveLength(1);
    expect(() => lab.terminals.ticket(mallory.ctx, terminal.terminalId)).toThrow("no terminal with that id");
    await expect(lab.terminals.close(mallory.ctx, terminal.terminalId)).rejects.toThrow(
      "no terminal with that id",
    );
    expect(await lab.terminals.list(alice.ctx)).toHaveLength(1);
  });

  test("with a ticket that was used is refused", async () => {
    expect(await lab.connect(alice, terminal)).toBeInstanceOf(SocketClient);
    await expectRefused(await lab.connect(alice, terminal), 403);
    expect(await refusals()).toMatchObject([{ error: expect.stringContaining("its ticket is used") }]);
  });

  test.each([
    ["no ticket", [TERMINAL_PROTOCOL]],
    [
      "a made-up ticket",
      [TERMINAL_PROTOCOL, `${TICKET_PROTOCOL_PREFIX}${randomBytes(32).toString("base64url")}`],
    ],
    ["no protocol of ours", ["chat"]],
  ])("with %s is refused, and an event", async (_what, protocols) => {
    await expectRefused(await lab.connect(alice, terminal, { protocols }), 403);
    expect(await refusals()).toHaveLength(1);
  });

  test("with two tickets, one of them right, is refused", async () => {
    const ticket = `${TICKET_PROTOCOL_PREFIX}${terminal.ticket}`;
    const protocols = [TERMINAL_PROTOCOL, ticket, `${TICKET_PROTOCOL_PREFIX}x`];
    await expectRefused(await lab.connect(alice, terminal, { protocols }), 403);
  });

  test("to what is no terminal's id is refused", async () => {
    await expectRefused(await lab.connect(alice, { ...terminal, terminalId: "..%2f" }), 404);
  });

  test("without an upgrade is told what is taken", async () => {
    const answer = await fetch(`${lab.origin}/api/v1/terminals/${terminal.terminalId}/socket`);
    expect(answer.status).toBe(426);
  });

  test("in a flood of wrong ones is refused without holding or recording more than a bound", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => lab.connect(alice, terminal, { cookie: "kubewitness.session=x" })),
    );
    const statuses = answers.map((answer) => (answer as Refused).status);
    expect(new Set([...statuses, 401, 429])).toEqual(new Set([401, 429]));
    expect((await refusals()).length).toBeLessThanOrEqual(10);
    // Nobody else is kept out by it.
    expect(await lab.connect(alice, terminal)).toBeInstanceOf(SocketClient);
  });
});

describe("who is connected", () => {
  test("and sends a giant frame is cut off, and the terminal stays", async () => {
    const { client } = await lab.start(alice);
    client.socket.send("x".repeat(5 * 2 ** 20));
    await until(() => client.closed !== null, "the close");
    expect(client.closed?.code).toBe(1009);
    expect(lab.terminals.list(alice.ctx)).toHaveLength(2);
  });

  test.each([
    ["what is no JSON", (client: SocketClient) => client.socket.send("}{")],
    ["a message that does not exist", (client: SocketClient) => client.socket.send('{"type":"exec"}')],
    [
      "a message with more in it",
      (client: SocketClient) => client.socket.send('{"type":"ping","token":"x"}'),
    ],
    [
      "a size that no terminal has",
      (client: SocketClient) => client.send({ type: "resize", columns: 1e6, rows: 24 }),
    ],
    ["a file that nobody asked for", (client: SocketClient) => client.socket.send(Buffer.from("x"))],
  ])("and sends %s is cut off", async (_what, send) => {
    const { client } = await lab.start(alice);
    send(client);
    await until(() => client.closed !== null, "the close");
    expect(client.closed?.code).toBe(4002);
  });

  test("and never acknowledges gets a bound of output, and the shell waits", async () => {
    const { terminal: opened } = { terminal: await lab.open(alice) };
    const client = (await lab.connect(alice, opened, { acknowledges: false })) as SocketClient;
    await until(() => client.messages.length > 0, "the screen");
    client.type(`flood ${20 * 2 ** 20}`);
    await until(() => client.bytes >= 512 * 1024, "the bound");
    // It would be far beyond by the time that a second program has begun and ended.
    await lab.connect(alice, opened, { origin: "https://evil.example" });
    const bound = 512 * 1024 + 64 * 1024;
    expect(client.bytes).toBeLessThan(bound);
    client.send({ type: "ack", bytes: 512 * 1024 });
    await until(() => client.bytes > bound, "more");
  });

  test("and acknowledges what it does not read is cut off", async () => {
    const opened = await lab.open(alice);
    const client = (await lab.connect(alice, opened, { acknowledges: false })) as SocketClient;
    await until(() => client.messages.length > 0, "the screen");
    client.type(`flood ${128 * 2 ** 20}`);
    client.socket.pause();
    const acknowledging = setInterval(() => {
      client.send({ type: "ack", bytes: Number.MAX_SAFE_INTEGER });
      // It looks alive, too, though it reads no ping.
      if (client.socket.readyState === client.socket.OPEN) client.socket.pong();
    }, 2);
    try {
      await expect.poll(() => client.closed, { timeout: 60_000 }).toMatchObject({ code: 1006 });
    } finally {
      clearInterval(acknowledging);
    }
    expect(client.bytes).toBeLessThan(64 * 2 ** 20);
  }, 90_000);

  test("and was cut off says nothing more to the terminal", async () => {
    const { client, terminal: opened } = await lab.start(alice);
    client.send({ type: "resize", columns: 1e6, rows: 24 });
    client.type("echo after-the-cut");
    await until(() => client.closed !== null, "the close");
    const ticket = lab.terminals.ticket(alice.ctx, opened.terminalId);
    const again = (await lab.connect(alice, { ...opened, ...ticket })) as SocketClient;
    again.type("echo from-the-next");
    await until(() => again.text.includes("from-the-next"), "the next line");
    expect(again.text).not.toContain("after-the-cut");
  });

  test("and acknowledges more than was sent gets no more than its bound", async () => {
    const opened = await lab.open(alice);
    const client = (await lab.connect(alice, opened, { acknowledges: false })) as SocketClient;
    await until(() => client.messages.length > 0, "the screen");
    client.send({ type: "ack", bytes: Number.MAX_SAFE_INTEGER });
    client.type(`flood ${20 * 2 ** 20}`);
    await until(() => client.bytes >= 512 * 1024, "the bound");
    await lab.connect(alice, opened, { origin: "https://evil.example" });
    expect(client.bytes).toBeLessThan(600 * 1024);
  });
});

describe("opening a terminal", () => {
  test("takes a console session: a bearer token opens none", async () => {
    const { id, expiresAt } = await issueToken({ ctx: alice.ctx, input: { name: "kubectl" } });
    const ctx = { ...alice.ctx, credential: { kind: "token" as const, id, expiresAt: new Date(expiresAt) } };
    await expect(lab.terminals.open(ctx, { clusterId: lab.clusterId })).rejects.toMatchObject({
      code: "permission_denied",
    });
    expect(() => lab.terminals.list(ctx)).toThrow("Bearer tokens open none");
  });

  test("takes a grant on the cluster, and tells nobody else that there is one", async () => {
    const bob = await lab.signIn({ granted: false });
    await expect(lab.open(bob)).rejects.toMatchObject({ code: "not_found" });
    await expect(
      lab.terminals.open(alice.ctx, { clusterId: "00000000-0000-4000-8000-000000000000" }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("is possible for so many of one person at once, however fast they ask", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lab.open(alice)));
    const opened = asked.filter(({ status }) => status === "fulfilled").length;
    // One was there before.
    expect(opened).toBe(MOST_OF_PERSON - 1);
    expect(asked.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "resource_exhausted", message: expect.stringContaining("You have 8 terminals") },
    });
    const [one] = lab.terminals.list(alice.ctx);
    await lab.terminals.close(alice.ctx, one!.terminalId);
    await lab.open(alice);
  });
});
