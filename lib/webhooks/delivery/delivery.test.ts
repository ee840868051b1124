import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { installConfig } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { listWebhooks } from "../data.ts";
import {
  createWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from "../mutations.ts";
import { queueMessage } from "../queue.ts";
import type { WebhookWithSecret } from "../schema.ts";
import { startWebhookDelivery, type WebhookDelivery } from "./worker.ts";

const ctx = systemContext("test");

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let installation: TestInstallation;
let receiver: Server;
let url: string;
let received: Received[] = [];
let answer: { status: number; headers?: Record<string, string> };
let webhook: WebhookWithSecret;
const running: WebhookDelivery[] = [];

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_WEBHOOKS_ALLOW_LOOPBACK: "true" });
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    received.push({ headers: request.headers, body });
    response.writeHead(answer.status, answer.headers).end("said at length");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
// One of another test would take what this one's is to send.
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve));
  await installation.close();
});
beforeEach(async () => {
  await installation.prisma.webhook.deleteMany();
  received = [];
  answer = { status: 204 };
  webhook = await createWebhook({ ctx, input: { name: "chat", url } });
});

/** As a replica runs it; each sends what is due when it is told to. */
function startReplica(): WebhookDelivery {
  const replica = startWebhookDelivery({ pollMs: 3_600_000 });
  running.push(replica);
  return replica;
}

const queue = (n: number) =>
  inTransaction(database(), (tx) => queueMessage(tx, { type: "access_request.created", data: { n } }));
const waiting = () => installation.prisma.webhookDelivery.findMany({ orderBy: { createdAt: "asc" } });
const makeDue = () => installation.prisma.webhookDelivery.updateMany({ data: { notBefore: new Date(0) } });

/** As a receiver checks it: the signature over id, time and body. */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return headers["webhook-signature"] === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

test("a message is sent soon after its transaction, signed, and not where it is undone", async () => {
  const replica = startReplica();
  const undone = inTransaction(database(), async (tx) => {
    await queueMessage(tx, { type: "access_request.created", data: { undone: true } });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await queue(1);
  await expect.poll(() => received.length).toBe(1);
  const [message] = received;
  expect(message!.headers["webhook-id"]).toMatch(/^msg_[0-9a-f]{32}$/);
  expect(Math.abs(Date.now() / 1_000 - Number(message!.headers["webhook-timestamp"]))).toBeLessThan(60);
  expect(isSigned(message!, webhook.secret)).toBe(true);
  expect(JSON.parse(message!.body)).toMatchObject({ type: "access_request.created", data: { n: 1 } });
  await replica.runOnce();
  await expect.poll(waiting).toEqual([]);
  expect(await listWebhooks({ ctx })).toMatchObject([{ last: { status: 204, error: null }, waiting: 0 }]);
});

test("what is not taken is sent again, later each time, with the same id, and given up at last", async () => {
  answer = { status: 500 };
  const replica = startReplica();
  await queue(1);
  const delays: number[] = [];
  for (let attempt = 1; attempt <= 12; attempt++) {
    await expect.poll(() => received.length).toBe(attempt);
    await replica.runOnce();
    const [delivery] = await waiting();
    if (delivery) delays.push(delivery.notBefore.getTime() - Date.now());
    await makeDue();
    if (attempt < 12) await replica.runOnce();
  }
  expect(delays).toHaveLength(11);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(await waiting()).toEqual([]);
  expect(await listWebhooks({ ctx })).toMatchObject([
    { dropped: 1, last: { status: 500, error: "it answered 500" } },
  ]);
});

test("what was sent is forgotten with what became of it, or sent again", async () => {
  await database().$executeRaw`
    alter table webhooks add constraint refused check (last_at is null) not valid`;
  await queue(1);
  await startReplica().runOnce();
  expect(received).toHaveLength(1);
  expect(await waiting()).toHaveLength(1);
  await database().$executeRaw`alter table webhooks drop constraint refused`;
  await installation.prisma.webhookDelivery.updateMany({
    data: { leaseUntil: null, notBefore: new Date(0) },
  });
  await startReplica().runOnce();
  expect(await waiting()).toEqual([]);
  expect(received.map(({ headers }) => headers["webhook-id"])).toEqual(
    Array(2).fill(received[0]!.headers["webhook-id"]),
  );
});

test("a redirect is not followed", async () => {
  answer = { status: 302, headers: { location: `${url}/elsewhere` } };
  expect(await testWebhook({ ctx, input: { id: webhook.id } })).toEqual({
    status: 302,
    error: "it answered 302: redirects are not followed",
  });
  expect(received).toHaveLength(1);
});

test("several replicas send each message once", async () => {
  await updateWebhook({ ctx, input: { id: webhook.id, enabled: true } });
  const replicas = [startReplica(), startReplica(), startReplica()];
  await Promise.all(Array.from({ length: 20 }, (_, n) => queue(n)));
  await Promise.all(replicas.map((each) => each.runOnce()));
  await expect.poll(waiting).toEqual([]);
  const numbers = received.map(({ body }) => JSON.parse(body).data.n as number);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test("only what it takes is sent, and nothing while it is switched off", async () => {
  await updateWebhook({ ctx, input: { id: webhook.id, types: ["break_glass.started"] } });
  await queue(1);
  expect(await waiting()).toEqual([]);
  await updateWebhook({ ctx, input: { id: webhook.id, types: [], enabled: false } });
  await queue(2);
  expect(await waiting()).toEqual([]);
});

test("what waits is bounded, and what is not kept is counted", async () => {
  await updateWebhook({ ctx, input: { id: webhook.id, url: "https://192.0.2.1/hook" } });
  const body = { webhookId: webhook.id, type: "access_request.created", body: "{}" };
  const later = new Date(Date.now() + 3_600_000);
  await installation.prisma.webhookDelivery.createMany({
    data: Array.from({ length: 1_000 }, () => ({ ...body, notBefore: later })),
  });
  await queue(1);
  expect(await listWebhooks({ ctx })).toMatchObject([{ waiting: 1_000, dropped: 1 }]);
  await deleteWebhook({ ctx, input: { id: webhook.id } });
  expect(await waiting()).toEqual([]);
});

test("the secret is sealed, shown once, and another signs from then on", async () => {
  const { secret } = await installation.prisma.webhook.findUniqueOrThrow({ where: { id: webhook.id } });
  expect(Buffer.from(secret).toString("latin1")).not.toContain(webhook.secret);
  expect(JSON.stringify(await listWebhooks({ ctx }))).not.toContain("whsec_");
  const other = await rotateWebhookSecret({ ctx, input: { id: webhook.id } });
  await testWebhook({ ctx, input: { id: webhook.id } });
  expect(isSigned(received[0]!, webhook.secret)).toBe(false);
  expect(isSigned(received[0]!, other.secret)).toBe(true);
});

test("addresses of this machine and of metadata services are refused, and again when they are dialled", async () => {
  installConfig({ ...installation.config, webhooks: { allowLoopback: false, allowLinkLocal: false } });
  try {
    for (const wrong of [
      url,
      "https://127.0.0.1/hook",
      "https://[::ffff:127.0.0.1]/hook",
      "https://169.254.169.254/latest",
      "https://localhost/hook",
      "http://192.0.2.1/hook",
      "https://user:s3cret@192.0.2.1/hook",
      "ftp://192.0.2.1/",
      "not an address",
    ]) {
      await expect(createWebhook({ ctx, input: { name: "wrong", url: wrong } })).rejects.toMatchObject({
        code: "invalid_argument",
        details: [{ field: "url" }],
      });
    }
    // It was permitted when it was added.
    for (const host of ["127.0.0.1", "localhost"]) {
      await installation.prisma.webhook.update({
        where: { id: webhook.id },
        data: { url: url.replace("127.0.0.1", host) },
      });
      const result = await testWebhook({ ctx, input: { id: webhook.id } });
      expect(result).toMatchObject({
        status: null,
        error: expect.stringContaining("webhooks.allowLoopback"),
      });
    }
    expect(received).toEqual([]);
  } finally {
    installConfig(installation.config);
  }
});

test("a secret that cannot be opened is told, and tried no longer than what is not taken", async () => {
  await installation.prisma.webhook.updateMany({ data: { secret: Buffer.from("of another key") } });
  const data = { webhookId: webhook.id, type: "break_glass.started", body: "{}", attempts: 11 };
  await installation.prisma.webhookDelivery.create({ data });
  await startReplica().runOnce();
  expect(received).toEqual([]);
  expect(await waiting()).toEqual([]);
  const [shown] = await listWebhooks({ ctx });
  expect(shown).toMatchObject({ dropped: 1, last: { status: null, error: expect.any(String) } });
});
