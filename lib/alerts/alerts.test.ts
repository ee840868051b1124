import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import tls from "node:tls";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { generateEntries } from "../../test/history/generate-entries.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { auditScope } from "../access/permission.ts";
import type { KubeRequestEntry } from "../audit/entry/entry.ts";
import { recordEventAlone } from "../audit/events/record.ts";
import { SinkRegistry } from "../audit/sinks/sink-registry.ts";
import { createDictionary } from "../audit/store/dictionary.ts";
import { storeBatch } from "../audit/writer/store-batch.ts";
import { installConfig } from "../config.ts";
import { systemContext } from "../context.ts";
import { inTransaction } from "../db/client.ts";
import { database } from "../db/connection.ts";
import { createAuthority, issueServerCertificate } from "../pki/issue-certificate.ts";
import { listAlerts, listFirings } from "./alerts/data.ts";
import { createAlert, updateAlert } from "./alerts/mutations.ts";
import { previewAlert } from "./alerts/preview.ts";
import { listChannels } from "./channels/data.ts";
import { createAlertChannel, testAlertChannel, updateAlertChannel } from "./channels/mutations.ts";
import type { CreateChannelInput } from "./channels/schema.ts";
import { type AlertDelivery, startAlertDelivery } from "./delivery/worker.ts";
import { countMatches } from "./evaluation/count-matches.ts";
import { type RunningAlerts, startAlerts } from "./evaluation/start-alerts.ts";
import type { CreateAlertInput } from "./schema.ts";

const ctx = systemContext("test");
const PATIENT = { timeout: 20_000, interval: 50 };

/** AUTH PLAIN (RFC 4616). */
const WRONG_AS_SENT = Buffer.from("\0kubewitness\0pass-s3cret-2").toString("base64");

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}
interface Mail {
  from: string;
  to: string[];
  text: string;
  secure: boolean;
  user: string | undefined;
}

let installation: TestInstallation;
let receiver: Server;
let mailServer: SMTPServer;
let url: string;
let mailPort: number;
/** Of the mail server's certificate. */
let mailAuthority: string;
let alerts: RunningAlerts[] = [];
let delivery: AlertDelivery;
const received: Received[] = [];
const mails: Mail[] = [];
/** What the receiver answers by path; held: it does not. */
const answers = new Map<string, number | "held">();

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_WEBHOOKS_ALLOW_LOOPBACK: "true" });
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const path = request.url ?? "";
    received.push({ path, headers: request.headers, body });
    const answer = answers.get(path) ?? 204;
    if (answer !== "held") response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const authority = await createAuthority("mail of a test");
  mailAuthority = authority.certificate;
  const { certificate, key } = await issueServerCertificate(authority, { hosts: ["127.0.0.1"] });
  mailServer = new SMTPServer({
    key,
    cert: certificate,
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === "pass-s3cret"
        ? done(null, { user: username })
        : done(new Error(`wrong password pass-s3cret-2, ${WRONG_AS_SENT}`)),
    onData: (stream, session, done) => {
      let text = "";
      stream.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        mails.push({ from, to, text, secure: session.secure, user: session.user });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mailServer.listen(0, "127.0.0.1", () => resolve()));
  mailPort = (mailServer.server.address() as AddressInfo).port;
  delivery = startAlertDelivery({ pollMs: 3_600_000 });
});
afterAll(async () => {
  receiver.closeAllConnections();
  await delivery.stop();
  await new Promise((resolve) => receiver.close(resolve));
  await new Promise<void>((resolve) => mailServer.close(() => resolve()));
  await installation.close();
});
beforeEach(async () => {
  await installation.prisma.alert.deleteMany();
  await installation.prisma.alertChannel.deleteMany();
  received.length = 0;
  mails.length = 0;
  answers.clear();
});
afterEach(async () => {
  await Promise.all(alerts.map((each) => each.stop()));
  alerts = [];
});

/** As a replica runs it; resolves once it follows the record. */
async function startReplica(): Promise<RunningAlerts> {
  const registry = new SinkRegistry();
  const started = startAlerts({ databaseUrl: installation.url, scope: auditScope(ctx), registry });
  alerts.push(started);
  await expect
    .poll(() => registry.statuses()[0]!.cursors.every(({ lastNo }) => lastNo !== null), PATIENT)
    .toBe(true);
  return started;
}

let made = 0;
const newChannel = (to: CreateChannelInput["to"] = { kind: "webhook", url: `${url}/hook` }) =>
  createAlertChannel({ ctx, input: { name: `channel-${++made}`, to } });
async function newAlert(input: Partial<CreateAlertInput> = {}) {
  const channels = input.channels ?? [(await newChannel()).id];
  return createAlert({
    ctx,
    input: { name: `alert-${++made}`, surface: "request_audit", ...input, channels },
  });
}

const [BASE] = generateEntries({ count: 1, from: Date.now() - 1_000, to: Date.now(), seed: 5 });
/** Calls that end on the record, each some seconds ago. */
async function store(calls: Partial<KubeRequestEntry>[]): Promise<void> {
  const entries = calls.map((call) => ({
    ...BASE!,
    executedAt: Date.now() - 1_000,
    ...call,
    callId: randomUUID(),
  }));
  await storeBatch({ pool: installation.pool, dictionary: createDictionary(installation.pool) }, { entries });
}
const SECRET = { verb: "get", resource: "secrets" };
const READS_SECRET = 'verb = "get" AND resource = "secrets"';
const messages = (path = "/hook") =>
  received.filter((each) => each.path === path).map(({ body }) => JSON.parse(body));

describe("an alert", { timeout: 90_000 }, () => {
  test("fires for a record that matches, once, with a link to the list, an event and a row of its history", async () => {
    const channel = await newChannel();
    const alert = await newAlert({ name: "a secret was read", filter: READS_SECRET, channels: [channel.id] });
    await startReplica();
    await startReplica();
    const before = await lastEventNo(installation);
    await store([{ verb: "list", resource: "pods" }, SECRET, { verb: "get", resource: "pods" }]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    const [message] = messages();
    expect(message).toMatchObject({
      type: "alert.fired",
      data: { alert: { id: alert.id, name: "a secret was read" }, matches: 1, surface: "request_audit" },
    });
    const link = new URL(message.data.href);
    expect([link.origin, link.pathname]).toEqual([
      installation.config.publicUrl,
      "/audit/kubernetes/request-audit",
    ]);
    expect(link.searchParams.get("filter")).toBe(READS_SECRET);
    const { headers, body } = received[0]!;
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const key = Buffer.from(channel.secret!.replace("whsec_", ""), "base64");
    expect(headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", key).update(signed).digest("base64")}`,
    );
    expect(await readEvents(installation, before)).toMatchObject([
      {
        operation: "Start",
        entityType: "Alert",
        entityName: "a secret was read",
        actorName: "Alerts",
        after: { matches: 1, filter: READS_SECRET },
      },
    ]);
    const { firings } = await listFirings({ ctx, input: { id: alert.id, limit: 50 } });
    expect(firings).toMatchObject([{ matches: 1, quiet: false, toldAt: expect.any(String) }]);
    expect(await listAlerts({ ctx })).toMatchObject([{ firings: 1, problem: null }]);
  });

  test("at more than so many within a time does not fire below, nor for what is too far apart", async () => {
    const alert = await newAlert({ filter: READS_SECRET, moreThan: 2, withinMs: 60_000 });
    await startReplica();
    const ago = (seconds: number) => ({ ...SECRET, executedAt: Date.now() - seconds * 1_000 });
    await store([ago(200), ago(150), ago(90)]);
    await store([ago(20), ago(19)]);
    await expect
      .poll(() => installation.prisma.alertCount.count({ where: { alertId: alert.id } }), PATIENT)
      .toBeGreaterThan(0);
    expect(messages()).toEqual([]);
    await store([ago(10)]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    expect(messages()[0].data.matches).toBe(3);
    // What fired it counts no more.
    expect(await installation.prisma.alertCount.count({ where: { alertId: alert.id } })).toBe(0);
  });

  test("waits after it fired, and tells then what came meanwhile", async () => {
    const alert = await newAlert({ filter: READS_SECRET, againAfterMs: 600_000 });
    const replica = await startReplica();
    await store([SECRET]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    await store([SECRET, SECRET]);
    await store([SECRET]);
    const held = () => installation.prisma.alert.findUniqueOrThrow({ where: { id: alert.id } });
    await expect.poll(async () => (await held()).heldMatches, PATIENT).toBe(3);
    await replica.lookOnce();
    expect(messages()).toHaveLength(1);
    await installation.pool.query("update alerts set fired_at = fired_at - interval '11 minutes'");
    await Promise.all([replica.lookOnce(), replica.lookOnce()]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(2);
    expect(messages()[1].data.matches).toBe(3);
    expect((await held()).heldMatches).toBe(0);
  });

  test("counts on, and fires again, where a clock was far ahead", async () => {
    const alert = await newAlert({ filter: READS_SECRET, moreThan: 2 });
    const fires = async (at: number) =>
      (await inTransaction(database(), (tx) => countMatches(tx, { alertId: alert.id, times: [at] }))) !==
      null;
    const now = Date.now();
    const fired: boolean[] = [];
    for (const at of [now + 86_400_000, now, now, now]) fired.push(await fires(at));
    expect(fired).toEqual([false, false, false, true]);
    await installation.pool.query("update alerts set fired_at = now() + interval '1 year'");
    for (const at of [now, now, now]) fired.push(await fires(at));
    expect(fired.slice(4)).toEqual([false, false, true]);
  });

  test("in quiet hours is told afterwards, in one message", async () => {
    // Hours before and after now, whatever the time is.
    const [from = "", to = ""] = [-6, 6].map((hours) =>
      new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16),
    );
    const quiet = { from, to, timeZone: "UTC", days: [1, 2, 3, 4, 5, 6, 7] };
    const alert = await newAlert({ filter: READS_SECRET, againAfterMs: 60_000, quiet });
    const replica = await startReplica();
    await store([SECRET]);
    const fired = () => listFirings({ ctx, input: { id: alert.id, limit: 50 } });
    await expect.poll(async () => (await fired()).firings, PATIENT).toHaveLength(1);
    await installation.pool.query("update alerts set fired_at = fired_at - interval '2 minutes'");
    await store([SECRET, SECRET]);
    await expect.poll(async () => (await fired()).firings, PATIENT).toHaveLength(2);
    await replica.lookOnce();
    await delivery.runOnce();
    expect(received).toEqual([]);
    await updateAlert({ ctx, input: { id: alert.id, quiet: null } });
    await Promise.all([replica.lookOnce(), replica.lookOnce()]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    expect(messages()[0]).toMatchObject({ type: "alert.meanwhile", data: { firings: 2, matches: 3 } });
    expect((await fired()).firings.every(({ toldAt }) => toldAt !== null)).toBe(true);
  });

  test("of events fires for none of its own, nor of other alerts", async () => {
    await newAlert({ surface: "event_history", filter: 'entityType = "Alert" AND operation = "Start"' });
    await newAlert({ surface: "event_history", filter: 'entityName = "break-glass"' });
    await startReplica();
    await recordEventAlone(ctx, { action: "Create", entityType: "AccessRequest", entityName: "break-glass" });
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    // Its event is behind the cursor by now, and was looked at.
    const last = await lastEventNo(installation);
    await expect
      .poll(async () => {
        const { rows } = await installation.pool.query(
          "select last_no from audit_sink_cursor where sink = 'alerts' and stream = 'audit_event'",
        );
        return Number(rows[0].last_no);
      }, PATIENT)
      .toBeGreaterThanOrEqual(last);
    expect(messages()).toHaveLength(1);
  });

  test("misses nothing that came while nobody looked, and tells nothing twice", async () => {
    await newAlert({ filter: READS_SECRET });
    await (await startReplica()).stop();
    alerts = [];
    await store([SECRET, SECRET]);
    await startReplica();
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    expect(messages()[0].data.matches).toBe(2);
    await alerts.pop()!.stop();
    const replica = await startReplica();
    await store([{ verb: "list", resource: "pods" }]);
    await replica.lookOnce();
    await delivery.runOnce();
    expect(messages()).toHaveLength(1);
  });

  test("one transaction has all of it: where the event cannot be stored, the page comes again", async () => {
    await newAlert({ filter: READS_SECRET });
    await startReplica();
    await installation.pool.query(`
      create sequence alert_tries;
      create function refuse_once() returns trigger language plpgsql as $$
        begin if nextval('alert_tries') <= 1 then raise 'no room'; end if; return new; end $$;
      create trigger refuse_once before insert on alert_deliveries for each row execute function refuse_once()`);
    await store([SECRET]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    await installation.pool.query("drop trigger refuse_once on alert_deliveries");
    expect(await installation.prisma.alertFiring.count()).toBe(1);
  });

  test("whose filter is not understood any more says so, and keeps no other from firing", async () => {
    const broken = await newAlert({ filter: READS_SECRET });
    await installation.prisma.alert.update({ where: { id: broken.id }, data: { filter: "nothing = 1" } });
    await newAlert({ filter: READS_SECRET });
    await startReplica();
    await store([SECRET]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    const shown = (await listAlerts({ ctx })).find(({ id }) => id === broken.id);
    expect(shown).toMatchObject({ firedAt: null, problem: expect.stringContaining("filter") });
  });

  test("says beforehand how often it would have fired", async () => {
    const read = { verb: "get", resource: "previewed" };
    await store([read, read, { ...read, executedAt: Date.now() - 3 * 3_600_000 }]);
    const rule = { filter: 'resource = "previewed"', againAfterMs: 3_600_000 };
    const before = await lastEventNo(installation);
    const preview = await previewAlert({ ctx, input: { surface: "request_audit", ...rule } });
    expect(preview).toMatchObject({ days: 7, matches: 3, firings: 2, last: expect.any(String) });
    const none = await previewAlert({
      ctx,
      input: { surface: "request_audit", filter: 'resource = "nothing-of-that-name"' },
    });
    expect(none).toEqual({ days: 7, matches: 0, firings: 0, last: null });
    // What it counts is on the record: who asks has searched that.
    const searches = (await readEvents(installation, before)).filter(
      ({ entityType }) => entityType === "RequestAudit",
    );
    expect(searches).toHaveLength(2);
    expect(JSON.stringify(searches[0])).toContain("previewed");
  });

  test.each<[string, Partial<CreateAlertInput>, string]>([
    ["a filter that is not understood", { filter: "verb = " }, "filter"],
    ["text of a session", { surface: "recordings", filter: 'output : "password"' }, "filter"],
    ["a channel that there is not", { channels: [randomUUID()] }, "channels"],
  ])("takes no %s", async (_what, wrong, field) => {
    await expect(newAlert(wrong)).rejects.toMatchObject({ code: "invalid_argument", details: [{ field }] });
    expect(await listAlerts({ ctx })).toEqual([]);
  });
});

describe("a channel", { timeout: 90_000 }, () => {
  test("of Slack gets a text with the link, and its address is shown nowhere", async () => {
    const before = await lastEventNo(installation);
    const channel = await newChannel({ kind: "slack", url: `${url}/services/T0/s3cret-path` });
    await newAlert({ name: "<secrets> & more", filter: READS_SECRET, channels: [channel.id] });
    await startReplica();
    await store([SECRET]);
    await expect.poll(() => messages("/services/T0/s3cret-path"), PATIENT).toHaveLength(1);
    const [{ text }] = messages("/services/T0/s3cret-path");
    expect(text).toContain("*Kubewitness alert: &lt;secrets&gt; &amp; more*");
    expect(text).toMatch(/<http:\/\/\S+request-audit\?\S+\|Show the list>/);
    const shown = JSON.stringify([await listChannels({ ctx }), await readEvents(installation, before)]);
    expect(shown).not.toContain("s3cret-path");
    const [row] = await installation.prisma.alertChannel.findMany();
    expect(Buffer.from(row!.secret!).toString("latin1")).not.toContain("s3cret-path");
  });

  test("by e-mail gets a message with the link; STARTTLS is asked for, and a certificate nobody knows is refused", async () => {
    const plain = { kind: "email", host: "127.0.0.1", port: mailPort, security: "none" } as const;
    const addresses = { from: "kubewitness@acme.example", to: ["ops@acme.example", "sec@acme.example"] };
    const channel = await newChannel({ ...plain, ...addresses });
    await newAlert({ name: "a secret was read", filter: READS_SECRET, channels: [channel.id] });
    await startReplica();
    await store([SECRET]);
    await expect.poll(() => mails, PATIENT).toHaveLength(1);
    expect(mails[0]).toMatchObject({ ...addresses, secure: false });
    expect(mails[0]!.text).toContain("Subject: Kubewitness alert: a secret was read");
    expect(mails[0]!.text.replaceAll("=\r\n", "")).toContain("/audit/kubernetes/request-audit?");
    for (const security of ["starttls", "tls"] as const) {
      const other = await newChannel({ ...plain, ...addresses, security });
      const { error } = await testAlertChannel({ ctx, input: { id: other.id } });
      expect(error).toEqual(expect.any(String));
    }
    expect(mails).toHaveLength(1);
  });

  test("by e-mail signs in over STARTTLS where the server's certificate is known", async () => {
    const known = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...known, mailAuthority]);
    try {
      const to = { kind: "email", host: "127.0.0.1", port: mailPort, security: "starttls" } as const;
      const rest = { user: "kubewitness", from: "a@acme.example", to: ["b@acme.example"] };
      const channel = await newChannel({ ...to, ...rest, password: "pass-s3cret" });
      expect(await testAlertChannel({ ctx, input: { id: channel.id } })).toEqual({ error: null });
      expect(mails).toMatchObject([{ secure: true, user: "kubewitness", to: rest.to }]);
      const wrong = await newChannel({ ...to, ...rest, password: "pass-s3cret-2" });
      const { error } = await testAlertChannel({ ctx, input: { id: wrong.id } });
      // Its server says it again.
      expect(error).toContain("wrong password ***, ***");
      expect(mails).toHaveLength(1);
    } finally {
      tls.setDefaultCACertificates(known);
    }
  });

  test("keeps a password sealed, sends it to no other server, and says it in no error", async () => {
    const before = await lastEventNo(installation);
    const to = {
      kind: "email" as const,
      host: "127.0.0.1",
      port: mailPort,
      security: "starttls" as const,
      user: "kubewitness",
      from: "a@acme.example",
      to: ["b@acme.example"],
    };
    const channel = await newChannel({ ...to, password: "pass-s3cret" });
    expect(channel).toMatchObject({ to: { hasPassword: true, user: "kubewitness" }, secret: null });
    // Left out, it stays where the server does.
    const renamed = await updateAlertChannel({
      ctx,
      input: { id: channel.id, to: { ...to, from: "c@acme.example" } },
    });
    expect(renamed.to).toMatchObject({ hasPassword: true, from: "c@acme.example" });
    const moved = await updateAlertChannel({ ctx, input: { id: channel.id, to: { ...to, port: 26 } } });
    expect(moved.to).toMatchObject({ hasPassword: false });
    const other = await newChannel({ ...to, password: "pass-s3cret" });
    const bare = await updateAlertChannel({ ctx, input: { id: other.id, to: { ...to, security: "none" } } });
    expect(bare.to).toMatchObject({ hasPassword: false, security: "none" });
    await expect(newChannel({ ...to, security: "none", password: "pass-s3cret" })).rejects.toThrow();
    const shown = JSON.stringify([await listChannels({ ctx }), await readEvents(installation, before)]);
    expect(shown).not.toContain("pass-s3cret");
  });

  test("that is slow delays no other, and what is not taken is sent again", async () => {
    answers.set("/slow", "held");
    answers.set("/failing", 500);
    const channels = await Promise.all(
      ["/slow", "/failing", "/hook"].map((path) => newChannel({ kind: "webhook", url: url + path })),
    );
    await newAlert({ filter: READS_SECRET, channels: channels.map(({ id }) => id) });
    await startReplica();
    await store([SECRET]);
    await expect.poll(() => messages(), PATIENT).toHaveLength(1);
    await expect.poll(() => messages("/failing"), PATIENT).toHaveLength(1);
    const failing = () =>
      installation.prisma.alertDelivery.findMany({ where: { channelId: channels[1]!.id } });
    await expect.poll(async () => (await failing())[0]?.leaseUntil ?? null, PATIENT).toBeNull();
    answers.set("/failing", 204);
    answers.set("/slow", 204);
    await installation.prisma.alertDelivery.updateMany({
      where: { channelId: channels[1]!.id },
      data: { notBefore: new Date(0) },
    });
    // The slow one is still being waited for.
    await installation.pool.query("select pg_notify('kubewitness_alerts', '')");
    await expect.poll(() => messages("/failing"), PATIENT).toHaveLength(2);
    const ids = received
      .filter(({ path }) => path === "/failing")
      .map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(1);
    receiver.closeAllConnections();
  });

  test("is sent what it may have had already, where what became of it could not be kept", async () => {
    const channel = await newChannel({ kind: "webhook", url: `${url}/hook` });
    await newAlert({ filter: READS_SECRET, channels: [channel.id] });
    await database().$executeRaw`
      alter table alert_channels add constraint refused check (last_at is null) not valid`;
    try {
      await startReplica();
      await store([SECRET]);
      await expect.poll(() => messages(), PATIENT).toHaveLength(1);
      await delivery.runOnce();
    } finally {
      await database().$executeRaw`alter table alert_channels drop constraint refused`;
    }
    const waiting = { where: { channelId: channel.id } };
    expect(await installation.prisma.alertDelivery.count(waiting)).toBe(1);
    await installation.prisma.alertDelivery.updateMany({ ...waiting, data: { leaseUntil: null } });
    await delivery.runOnce();
    expect(await installation.prisma.alertDelivery.count(waiting)).toBe(0);
    const ids = received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  test("by e-mail whose server never comes to an end is left when the process ends, and the message is the next one's", async () => {
    let connected = 0;
    const endless = createTcpServer((socket) => {
      connected += 1;
      socket.on("error", () => {});
      socket.write("220 endless\r\n");
      let going: NodeJS.Timeout | undefined;
      socket.once("data", () => {
        going = setInterval(() => socket.write("250-and so on\r\n"), 20);
      });
      socket.on("close", () => clearInterval(going));
    });
    await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
    const { port } = endless.address() as AddressInfo;
    const to = { kind: "email", host: "127.0.0.1", port, security: "none" } as const;
    const channel = await newChannel({ ...to, from: "a@acme.example", to: ["b@acme.example"] });
    await newAlert({ filter: READS_SECRET, channels: [channel.id] });
    await startReplica();
    await store([SECRET]);
    await expect.poll(() => connected, PATIENT).toBe(1);
    await delivery.stop();
    const left = await installation.prisma.alertDelivery.findMany();
    await installation.prisma.alertChannel.deleteMany();
    delivery = startAlertDelivery({ pollMs: 3_600_000 });
    endless.close();
    expect(left).toMatchObject([{ attempts: 0, leaseUntil: null }]);
  });

  test("has the address rules of webhooks, when it is added and when it is called", async () => {
    const channel = await newChannel();
    const mail = await newChannel({
      kind: "email",
      host: "127.0.0.1",
      port: mailPort,
      security: "none",
      from: "a@acme.example",
      to: ["b@acme.example"],
    });
    installConfig({ ...installation.config, webhooks: { allowLoopback: false, allowLinkLocal: false } });
    try {
      const email = { kind: "email", port: 25, from: "a@acme.example", to: ["b@acme.example"] } as const;
      for (const to of [
        { kind: "webhook", url: "https://169.254.169.254/latest" },
        { kind: "slack", url: "https://127.0.0.1/s3cret" },
        { kind: "slack", url: "http://192.0.2.1/s3cret" },
        { ...email, host: "127.0.0.1" },
        { ...email, host: "169.254.169.254" },
      ] as CreateChannelInput["to"][]) {
        const failure = await newChannel(to).catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: "invalid_argument" });
        expect(JSON.stringify(failure)).not.toContain("s3cret");
      }
      for (const { id } of [channel, mail]) {
        const { error } = await testAlertChannel({ ctx, input: { id } });
        expect(error).toContain("webhooks.allowLoopback");
      }
      expect([received, mails]).toEqual([[], []]);
    } finally {
      installConfig(installation.config);
    }
  });
});
