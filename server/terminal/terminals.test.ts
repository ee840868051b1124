import { stat } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listGrants } from "../../lib/access/grants/data.ts";
import { revokeGrant } from "../../lib/access/grants/mutations.ts";
import { auditScope } from "../../lib/access/permission.ts";
import { listCommands } from "../../lib/audit/request-audit/commands.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import type { RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { registerCluster, removeCluster } from "../../lib/clusters/mutations.ts";
import { systemContext } from "../../lib/context.ts";
import { database } from "../../lib/db/connection.ts";
import { until } from "../../lib/gateway/testing/memory-recorder.ts";
import { authenticateToken } from "../../lib/identity/authenticate.ts";
import { setPersonEnabled } from "../../lib/identity/people/mutations.ts";
import { contextFromRequest } from "../../lib/identity/request-context.ts";
import { endSession, revokeSession } from "../../lib/identity/sessions/mutations.ts";
import { listTokens } from "../../lib/identity/tokens/data.ts";
import { readHistory } from "../../lib/terminal/sessions/history.ts";
import { lastEventNo, readEvents } from "../../test/installation.ts";
import type { SocketClient } from "./testing/socket-client.ts";
import { type SignedIn, startTerminalLab, type TerminalLab } from "./testing/terminal-lab.ts";

const ctx = systemContext("test");
const range = { from: "now-1h", to: "now+1h", timeZone: "UTC" };
let lab: TerminalLab;
let alice: SignedIn;

beforeAll(async () => {
  lab = await startTerminalLab();
}, 120_000);
afterAll(() => lab.close());
beforeEach(async () => {
  alice = await lab.signIn();
});

const shows = (client: SocketClient, text: string | RegExp) =>
  until(
    () => (typeof text === "string" ? client.text.includes(text) : text.test(client.text)),
    `${text} on the screen`,
  );

/** The rows of a person's calls, once they are in PostgreSQL. */
async function callsOf(person: SignedIn, count: number): Promise<RequestAuditEntry[]> {
  const own = auditScope(person.ctx);
  const ask = async () => (await listRequests({ ctx, scope: own, query: { ...range, limit: 50 } })).entries;
  await expect.poll(async () => (await ask()).length).toBe(count);
  return ask();
}

const ends = async (terminalId: string) =>
  (await readEvents(lab.installation)).filter(
    ({ entityId, operation, entityType }) =>
      entityId === terminalId && entityType === "TerminalSession" && operation === "End",
  );

describe("a command line", () => {
  test("is on the record before it runs, and its calls are facts of it, whatever the client says", async () => {
    const { client, terminal } = await lab.start(alice);
    client.type("get /api/v1/namespaces/shop/pods");
    await shows(client, "exit 0");
    expect(client.text).toContain("200 ");
    const [call] = await callsOf(alice, 1);
    const query = { ...range, limit: 5 };
    const ask = async () => (await listCommands({ ctx, scope: auditScope(alice.ctx), query })).commands;
    // Its end is written while the shell goes on.
    await expect.poll(ask).toMatchObject([
      {
        command: "get /api/v1/namespaces/shop/pods",
        claimed: false,
        calls: 1,
        exitCode: 0,
        clusterName: "prod",
        recordingId: terminal.terminalId,
      },
    ]);
    const [command] = await ask();
    expect(call).toMatchObject({
      accessMethod: "Browser",
      command: "get /api/v1/namespaces/shop/pods",
      sessionId: command!.sessionId,
      clientIp: alice.address,
      clusterName: "prod",
      clientName: "kubectl/v1.35.2",
      verb: "list",
      namespace: "shop",
      result: "success",
    });
  });

  test("that makes no call is on the record, too", async () => {
    const { client } = await lab.start(alice);
    client.type("echo hello");
    await shows(client, "exit 0");
    client.type("nonsense");
    await shows(client, "exit 127");
    const ask = () => listCommands({ ctx, scope: auditScope(alice.ctx), query: { ...range, limit: 5 } });
    const exitCodes = async () => (await ask()).commands.map(({ exitCode }) => exitCode);
    await expect.poll(exitCodes).toEqual([127, 0]);
  });

  test("does not run where it cannot be put on the record", async () => {
    const { client } = await lab.start(alice);
    const { pool } = lab.installation;
    await pool.query("alter table kube_command rename to kube_command_away");
    try {
      client.type("get /api/v1/pods");
      await shows(client, "could not be put on the record");
    } finally {
      await pool.query("alter table kube_command_away rename to kube_command");
    }
    expect(client.text).not.toContain("exit");
    client.type("echo again");
    await shows(client, "exit 0");
  });

  test("has its secrets taken out, in the record and in history", async () => {
    const { client } = await lab.start(alice);
    client.type("echo --password s3cr3t-of-alice");
    await shows(client, "exit 0");
    const { commands } = await listCommands({
      ctx,
      scope: auditScope(alice.ctx),
      query: { ...range, limit: 5 },
    });
    expect(commands[0]?.command).toMatch(/^echo --password \[redacted/);
    const of = { userId: alice.personId, clusterId: lab.clusterId };
    await expect.poll(() => readHistory(of)).toEqual([commands[0]?.command]);
    await lab.start(alice);
    expect(lab.shells.at(-1)!.history).toEqual([commands[0]?.command]);
  });
});

describe("the terminal's token", () => {
  async function stolen() {
    const { terminal, client } = await lab.start(alice);
    const token = lab.tokenOf(terminal.terminalId);
    return { terminal, client, token };
  }
  const gatewayAnswers = (token: string, headers: object = {}, cluster = "prod") =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const url = `${lab.origin}/k8s/clusters/${cluster}/api/v1/pods`;
      const sent = request(url, { headers: { Authorization: `Bearer ${token}`, ...headers } }, (answer) => {
        let text = "";
        answer.on("data", (data) => (text += data));
        answer.on("end", () => resolve({ status: answer.statusCode!, text }));
      });
      sent.on("error", reject).end();
    });

  test("stolen, is refused at the gateway and recorded, also with headers that say it comes from the shell", async () => {
    const { token } = await stolen();
    const lies = {
      "kubewitness-passed-head": "e30",
      "Kubectl-Session": "11111111-1111-4111-8111-111111111111",
      "Kubectl-Command": "kubectl get pods",
    };
    for (const headers of [{}, lies]) {
      const { status, text } = await gatewayAnswers(token, headers);
      expect(status).toBe(401);
      expect(text).toContain("counts nowhere else");
    }
    const calls = await callsOf(alice, 2);
    for (const call of calls)
      expect(call).toMatchObject({
        accessMethod: "CLI",
        result: "failure",
        httpStatus: 401,
        clusterName: "prod",
      });
  });

  test("stolen, is refused by the console's API, and an event", async () => {
    const { token } = await stolen();
    const before = await lastEventNo(lab.installation);
    const asked = new Request(`${lab.origin}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    await expect(contextFromRequest(asked)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await readEvents(lab.installation, before)).toMatchObject([
      { status: "Failed", error: "a web shell's token was used outside of its terminal" },
    ]);
  });

  test("reaches no other cluster through its own relay", async () => {
    await registerCluster({
      ctx,
      input: {
        name: `other-${alice.personId.slice(0, 8)}`,
        endpoint: lab.api.upstream.endpoint.origin,
        insecureSkipTlsVerify: true,
        credential: { kind: "token", token: "x" },
      },
    });
    const { client } = await lab.start(alice);
    client.type(`get /k8s/clusters/other-${alice.personId.slice(0, 8)}/api/v1/pods`);
    await shows(client, "exit 0");
    const [call] = await callsOf(alice, 1);
    expect(call?.clusterName).toBe("prod");
    expect(lab.api.seen.at(-1)?.url ?? "").not.toMatch(/^\/api\/v1\/pods/);
  });

  test("is in no list, and none of the cluster's requests has it", async () => {
    const { client, token } = await stolen();
    client.type("get /api/v1/pods");
    await shows(client, "exit 0");
    expect(await listTokens({ ctx: alice.ctx })).toEqual([]);
    expect(JSON.stringify(lab.api.seen)).not.toContain(token);
    expect(JSON.stringify(client.messages) + client.text).not.toContain(token);
    const { rawHeaders } = lab.api.seen.at(-1)!;
    expect(rawHeaders.join(" ")).not.toMatch(/of-a-liar|198\.51\.100\.99/);
  });

  test("is for nobody to find on the disk: folder and socket are this user's alone", async () => {
    const { terminal } = await lab.start(alice);
    const folder = path.join(lab.folder, terminal.terminalId.slice(0, 8));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test("ends with its terminal, and with its console session though no process says so", async () => {
    const { terminal, token } = await stolen();
    expect(await authenticateToken(token)).toMatchObject({ terminal: { id: terminal.terminalId } });
    await lab.terminals.close(alice.ctx, terminal.terminalId);
    await expect.poll(() => authenticateToken(token)).toBeNull();
    const second = await stolen();
    await database().session.deleteMany({ where: { userId: alice.personId } });
    await expect.poll(() => authenticateToken(second.token), { timeout: 30_000 }).toBeNull();
  }, 60_000);
});

describe("a terminal that was left", () => {
  test("is there again with its screen, by another ticket, and goes on at the browser's size", async () => {
    const { terminal, client, shell } = await lab.start(alice);
    client.type("echo before-the-reload");
    await shows(client, "exit 0");
    client.socket.terminate();
    const ticket = lab.terminals.ticket(alice.ctx, terminal.terminalId);
    const again = (await lab.connect(alice, { ...terminal, ...ticket })) as SocketClient;
    await shows(again, "before-the-reload");
    again.send({ type: "resize", columns: 132, rows: 43 });
    again.type("echo after-it");
    await shows(again, "after-it");
    expect(shell.sizes.at(-1)).toEqual({ columns: 132, rows: 43 });
    expect(lab.terminals.list(alice.ctx)).toHaveLength(1);
  });

  test("shows what came while nobody was there, up to a bound", async () => {
    const { terminal, client } = await lab.start(alice);
    client.socket.terminate();
    await until(() => client.closed !== null, "the close");
    lab.shells.at(-1)!.input(Buffer.from("flood 800000\r"));
    const ticket = lab.terminals.ticket(alice.ctx, terminal.terminalId);
    const again = (await lab.connect(alice, { ...terminal, ...ticket })) as SocketClient;
    await shows(again, "exit 0");
  });

  test("tells the window that had it when another takes it", async () => {
    const { terminal, client } = await lab.start(alice);
    const ticket = lab.terminals.ticket(alice.ctx, terminal.terminalId);
    const other = (await lab.connect(alice, { ...terminal, ...ticket })) as SocketClient;
    await until(() => client.closed !== null, "the close");
    expect(client.closed?.code).toBe(4001);
    other.type("echo here");
    await shows(other, "exit 0");
  });

  test("asks again what the shell waits for", async () => {
    const { terminal, client } = await lab.start(alice);
    client.type("edit configmap/web");
    await until(() => client.of("edit").length === 1, "the question");
    client.socket.terminate();
    const ticket = lab.terminals.ticket(alice.ctx, terminal.terminalId);
    const again = (await lab.connect(alice, { ...terminal, ...ticket })) as SocketClient;
    await until(() => again.of("edit").length === 1, "the question again");
    again.send({ type: "edited", id: again.of("edit")[0]!.id, text: "after" });
    await shows(again, /after\s+exit 0/);
  });
});

describe("files", () => {
  test("are uploaded whole, by who was asked", async () => {
    const { client } = await lab.start(alice);
    client.type("upload");
    await until(() => client.of("askUpload").length === 1, "the question");
    const { id } = client.of("askUpload")[0]!;
    client.send({ type: "upload", id, name: "../../etc/passwd", size: 6 });
    client.socket.send(Buffer.from("abc"));
    client.socket.send(Buffer.from("def"));
    client.send({ type: "uploadEnd", id });
    await shows(client, `passwd at upload-${id}`);
    expect(client.text).not.toContain("..");
  });

  test("that are longer than was said cut the connection", async () => {
    const { client } = await lab.start(alice);
    client.type("upload");
    await until(() => client.of("askUpload").length === 1, "the question");
    const { id } = client.of("askUpload")[0]!;
    client.send({ type: "upload", id, name: "a", size: 2 });
    client.socket.send(Buffer.from("abc"));
    await until(() => client.closed !== null, "the close");
    expect(client.closed?.code).toBe(4002);
  });

  test("are offered once, to the terminal's owner", async () => {
    const { terminal, client } = await lab.start(alice);
    client.type("download report.txt");
    await until(() => client.of("download").length === 1, "the offer");
    const { id, name, size } = client.of("download")[0]!;
    expect([name, size]).toEqual(["report.txt", 15]);
    const asked = { terminalId: terminal.terminalId, downloadId: id };
    const mallory = await lab.signIn();
    expect(() => lab.terminals.takeDownload(mallory.ctx, asked)).toThrow("no terminal with that id");
    expect(lab.terminals.takeDownload(alice.ctx, asked).name).toBe("report.txt");
    expect(() => lab.terminals.takeDownload(alice.ctx, asked)).toThrow("downloaded already");
  });
});

describe("without its recording", () => {
  const away = async (table: string, run: () => Promise<void>) => {
    await lab.installation.pool.query(`alter table ${table} rename to ${table}_away`);
    await run().finally(() => lab.installation.pool.query(`alter table ${table}_away rename to ${table}`));
  };

  test("a terminal does not open, and nothing of it is left", async () => {
    const before = await lastEventNo(lab.installation);
    await away("recording_running", async () => {
      await expect(lab.open(alice)).rejects.toMatchObject({ code: "unavailable" });
    });
    expect(lab.terminals.list(alice.ctx)).toEqual([]);
    // Other people's terminals may end meanwhile.
    const events = await readEvents(lab.installation, before);
    expect(events.filter(({ sourceIp }) => sourceIp === alice.address)).toEqual([]);
    const counting = { userId: alice.personId, revokedAt: null };
    expect(await database().accessToken.count({ where: counting })).toBe(0);
    await lab.start(alice);
  }, 60_000);

  test("a terminal does not go on", async () => {
    const { client } = await lab.start(alice);
    await away("recording_chunk", async () => {
      client.type("echo shown-and-not-recorded");
      await expect
        .poll(() => client.of("ended"), { timeout: 20_000 })
        .toMatchObject([{ kind: "unrecorded" }]);
    });
  }, 60_000);
});

describe("a terminal ends", () => {
  const expectEnd = async (
    { client, terminal }: Awaited<ReturnType<TerminalLab["start"]>>,
    kind: string,
    words: RegExp,
  ) => {
    await until(() => client.of("ended").length > 0, "the end");
    expect(client.of("ended")).toMatchObject([{ kind, reason: expect.stringMatching(words) }]);
    await until(() => client.closed !== null, "the close");
    expect(client.closed?.code).toBe(4000);
    await expect.poll(async () => (await ends(terminal.terminalId)).length).toBe(1);
    expect(await ends(terminal.terminalId)).toMatchObject([{ after: { end: kind } }]);
  };

  test("when the person leaves", async () => {
    const started = await lab.start(alice);
    started.client.type("exit");
    await expectEnd(started, "left", /You left/);
    const { terminalId } = started.terminal;
    const events = (await readEvents(lab.installation)).filter(({ entityId }) => entityId === terminalId);
    expect(events).toMatchObject([
      {
        operation: "Start",
        entityType: "TerminalSession",
        entityName: "prod",
        after: { recordingId: terminalId },
      },
      { operation: "End", entityType: "TerminalSession", after: { end: "left", commands: 0 } },
    ]);
    for (const { sourceIp, actorName } of events)
      expect([sourceIp, actorName]).toEqual([alice.address, expect.stringMatching(/^person-/)]);
    expect(started.shell.closed).toBe(true);
  });

  test("when its tab is closed", async () => {
    const started = await lab.start(alice);
    await lab.terminals.close(alice.ctx, started.terminal.terminalId);
    await expectEnd(started, "closed", /tab was closed/);
  });

  test("when the person signs out", async () => {
    const started = await lab.start(alice);
    await endSession({ ctx: alice.ctx, input: { sessionToken: alice.sessionToken } });
    await expectEnd(started, "session", /console session has ended/);
  });

  test("when its console session is over by the clock", async () => {
    const started = await lab.start(await lab.signIn({ sessionMs: 20_000 }));
    await expect.poll(() => started.client.of("ended").length, { timeout: 40_000 }).toBe(1);
    await expectEnd(started, "session", /console session has ended/);
  }, 90_000);

  test("when its console session is revoked, and another session's goes on", async () => {
    const started = await lab.start(alice);
    const bob = await lab.signIn();
    const other = await lab.start(bob);
    await revokeSession({ ctx, input: { id: alice.ctx.credential!.id } });
    await expectEnd(started, "session", /console session has ended/);
    other.client.type("echo goes-on");
    await shows(other.client, "exit 0");
  });

  test("when the person is disabled", async () => {
    const started = await lab.start(alice);
    await setPersonEnabled({ ctx, input: { id: alice.personId, enabled: false } });
    await until(() => started.client.of("ended").length > 0, "the end");
    expect(["session", "revoked"]).toContain(started.client.of("ended")[0]!.kind);
  });

  test("when the grant is revoked, with what runs in it", async () => {
    const started = await lab.start(alice);
    const query = { ...range, limit: 5 };
    const ask = async () => (await listCommands({ ctx, scope: auditScope(alice.ctx), query })).commands;
    started.client.type("wait");
    await expect.poll(ask).toMatchObject([{ command: "wait" }]);
    const grant = (await listGrants({ ctx })).grants.find(({ subject }) => subject.id === alice.personId)!;
    await revokeGrant({ ctx, input: { id: grant.id } });
    await expectEnd(started, "revoked", /revoked or has expired/);
    await expect.poll(ask).toMatchObject([{ command: "wait", exitCode: 137 }]);
  });

  test("when it was idle for too long", async () => {
    const started = await lab.start(alice);
    started.shell.idleFor = 16 * 60_000;
    await expectEnd(started, "idle", /Nothing was typed/);
  });

  test("when somebody ends it, with the reason", async () => {
    const started = await lab.start(alice);
    await database().$executeRaw`
      update recording_running set end_requested_at = now(), end_requested_by = 'auditor@acme.example', end_reason = 'wrong cluster'
      where recording_id = ${started.terminal.terminalId}::uuid`;
    await expectEnd(started, "terminated", /auditor@acme\.example ended the session: wrong cluster/);
  });

  test("and its screen is a recording with the command lines as marks", async () => {
    const started = await lab.start(alice);
    started.client.type("echo a-word-on-the-screen");
    await shows(started.client, "exit 0");
    await lab.terminals.close(alice.ctx, started.terminal.terminalId);
    const read = () =>
      lab.installation.pool.query(
        "select kind, tty, ending, result, access_method, input_recorded, bytes_in, token_id from recording where recording_id = $1",
        [started.terminal.terminalId],
      );
    await expect.poll(async () => (await read()).rowCount).toBe(1);
    expect((await read()).rows).toMatchObject([
      { kind: 5, tty: 1, ending: 1, result: 1, access_method: 1, input_recorded: 0 },
    ]);
  });

  test("when the cluster is removed, for everybody", async () => {
    const started = await lab.start(alice);
    const bob = await lab.signIn();
    const other = await lab.start(bob);
    await removeCluster({ ctx, input: { id: lab.clusterId } });
    await expectEnd(started, "cluster", /cluster was removed/);
    await expectEnd(other, "cluster", /cluster was removed/);
  });
});
