import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChannelSecret } from "../lib/alerts/channels/kept.ts";
import { createAlertChannel } from "../lib/alerts/channels/mutations.ts";
import { openCredential } from "../lib/clusters/credentials/sealed.ts";
import { registerCluster } from "../lib/clusters/mutations.ts";
import { formerSecrets, keptSecret, replaceKeptSecret } from "../lib/config/secrets.ts";
import { config, installConfig } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import { createPerson } from "../lib/identity/people/mutations.ts";
import { openTotpSecret, sealTotpSecret } from "../lib/identity/second-factor/authenticator/sealed-secret.ts";
import { openSignOut, sealSignOut } from "../lib/identity/sessions/at-provider.ts";
import { openRefreshToken, sealRefreshToken } from "../lib/identity/sign-in/refresh-token.ts";
import { createStream } from "../lib/streams/mutations.ts";
import { openStreamSecrets } from "../lib/streams/stored/secrets.ts";
import { signingAuthority } from "../lib/tunnels/authority/kept-authority.ts";
import { openWebhookSecret } from "../lib/webhooks/delivery/secret.ts";
import { createWebhook } from "../lib/webhooks/mutations.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../test/installation.ts";
import { sealAllAnew } from "./rotate-encryption-key.ts";

const ctx = systemContext("test");
const FIRST = randomBytes(32);
const SECOND = randomBytes(32);
const SESSION = "a".repeat(64);
let installation: TestInstallation;
let userId: string;

const installKeys = (key: Buffer, ...formerKeys: Buffer[]) =>
  installConfig({ ...config(), encryption: { key, formerKeys } });

beforeAll(async () => {
  installation = await createTestInstallation();
  installKeys(FIRST);
  const credential = { kind: "token" as const, token: "s3cret-of-prod" };
  await registerCluster({ ctx, input: { name: "prod", endpoint: "https://192.0.2.1", credential } });
  await createWebhook({ ctx, input: { name: "pager", url: "https://192.0.2.1/hook" } });
  const settings = { url: "https://192.0.2.1/in" };
  await createStream({ ctx, input: { name: "siem", kind: "webhook", settings, surfaces: { events: {} } } });
  await createAlertChannel({
    ctx,
    input: { name: "chat", to: { kind: "slack", url: "https://192.0.2.1/s3cret-hook" } },
  });
  await signingAuthority();
  userId = (await createPerson({ ctx, input: { email: "p@acme.example", name: "P", groups: [] } })).id;
  await installation.prisma.account.create({
    data: {
      ...{ userId, type: "oauth", provider: "oidc", providerAccountId: "p" },
      refreshToken: sealRefreshToken(userId, "s3cret-refresh"),
    },
  });
  const providerSignOut = sealSignOut(SESSION, {
    address: "https://login.example/out",
    idToken: "s3cret-id",
  });
  const expires = new Date(Date.now() + 3_600_000);
  await installation.prisma.session.create({
    data: { sessionToken: SESSION, userId, expires, providerSignOut },
  });
  const secret = sealTotpSecret(userId, "S3CRETTOTP");
  await installation.prisma.authenticatorApp.create({ data: { userId, secret, pending: secret } });
});
afterAll(() => installation.close());

async function openAll() {
  const { cluster, account, session, authenticatorApp, webhook, alertChannel, stream } = installation.prisma;
  const prod = await cluster.findFirstOrThrow();
  const app = await authenticatorApp.findFirstOrThrow();
  const hook = await webhook.findFirstOrThrow();
  const siem = await stream.findFirstOrThrow();
  const chat = await alertChannel.findFirstOrThrow();
  return [
    openCredential(prod, prod.credential!),
    openRefreshToken(userId, (await account.findFirstOrThrow()).refreshToken!),
    openSignOut(SESSION, (await session.findFirstOrThrow()).providerSignOut)?.idToken,
    openTotpSecret(userId, app.secret!),
    openTotpSecret(userId, app.pending!),
    openWebhookSecret(hook.id, hook.secret).slice(0, 6),
    openStreamSecrets(siem.id, siem.secrets).signingSecret!.slice(0, 6),
    openChannelSecret(chat.id, chat.secret!),
    (await signingAuthority()).key.slice(0, 27),
  ];
}
const OPENED = [
  { kind: "token", token: "s3cret-of-prod" },
  ...["s3cret-refresh", "s3cret-id", "S3CRETTOTP", "S3CRETTOTP", "whsec_", "whsec_"],
  "https://192.0.2.1/s3cret-hook",
  "-----BEGIN PRIVATE KEY-----",
];

test("a former key opens what it sealed; another opens nothing, and then nothing is sealed anew", async () => {
  installKeys(SECOND, FIRST);
  expect(await openAll()).toEqual(OPENED);
  installKeys(SECOND, randomBytes(32));
  const before = await lastEventNo(installation);
  await expect(sealAllAnew()).rejects.toThrow(/cannot be opened/);
  expect(await lastEventNo(installation)).toBe(before);
  installKeys(FIRST);
  expect(await openAll()).toEqual(OPENED);
});

test("everything is sealed anew in one go, with an event, and the former key is needed no more", async () => {
  installKeys(SECOND, FIRST);
  const before = await lastEventNo(installation);
  const counts = {
    credentials: 1,
    refreshTokens: 1,
    signOuts: 1,
    providerSecrets: 0,
    authenticators: 2,
    webhookSecrets: 1,
    streamSecrets: 1,
    alertChannels: 1,
    agentAuthorities: 1,
  };
  expect(await sealAllAnew()).toEqual({ ...counts, recordingParts: 0 });
  const [event] = await readEvents(installation, before);
  expect(event).toMatchObject({ operation: "Rotate", entityType: "Settings", entityName: "encryption.key" });
  expect(JSON.stringify(event)).not.toMatch(/s3cret/i);
  installKeys(SECOND);
  expect(await openAll()).toEqual(OPENED);
  expect(await sealAllAnew()).toMatchObject({ credentials: 0, refreshTokens: 0, authenticators: 0 });
});

test("a refresh token that a replica replaces meanwhile stays the new one", async () => {
  installKeys(SECOND, FIRST);
  const replica = await installation.pool.connect();
  try {
    await replica.query("begin");
    await replica.query("update accounts set refresh_token = $1 where user_id = $2", [
      Buffer.from(sealRefreshToken(userId, "s3cret-refresh-2")),
      userId,
    ]);
    const third = randomBytes(32);
    installKeys(third, SECOND);
    const rotation = sealAllAnew();
    const waiting =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await expect.poll(async () => (await installation.pool.query(waiting)).rowCount).toBe(1);
    await replica.query("commit");
    expect(await rotation).toMatchObject({ refreshTokens: 1 });
    installKeys(third);
    const { refreshToken } = await installation.prisma.account.findFirstOrThrow();
    expect(openRefreshToken(userId, refreshToken!)).toBe("s3cret-refresh-2");
  } finally {
    await replica.query("rollback");
    replica.release();
  }
});

test("a key of the installation's own is replaced, and the former one kept beside it", () => {
  const data = mkdtempSync(path.join(tmpdir(), "kubewitness-keys-"));
  const first = keptSecret(data, "encryption");
  replaceKeptSecret(data, "encryption");
  const second = keptSecret(data, "encryption");
  replaceKeptSecret(data, "encryption");
  expect(formerSecrets(data, "encryption")).toEqual([second, first]);
  expect(new Set([first, second, keptSecret(data, "encryption")]).size).toBe(3);
  const former = path.join(data, "secrets", "encryption.former");
  expect(statSync(former).mode & 0o777).toBe(0o600);
  expect(readFileSync(former, "utf8")).toContain(first);
  rmSync(data, { recursive: true });
});
