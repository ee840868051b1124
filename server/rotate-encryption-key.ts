import { sealChannelSecretAnew } from "../lib/alerts/channels/kept.ts";
import { recordEvent } from "../lib/audit/events/record.ts";
import { sealCredentialAnew } from "../lib/clusters/credentials/sealed.ts";
import { replaceKeptSecret } from "../lib/config/secrets.ts";
import { type Config, installConfig, loadConfig, processSources } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import type { Transaction } from "../lib/db/client.ts";
import { database, disconnectDatabase } from "../lib/db/connection.ts";
import { stopNotifications } from "../lib/db/notifications.ts";
import { AppError } from "../lib/errors.ts";
import { sealSecretsAnew } from "../lib/identity/provider-store/stored-row.ts";
import { sealTotpSecretAnew } from "../lib/identity/second-factor/authenticator/sealed-secret.ts";
import { sealSignOutAnew } from "../lib/identity/sessions/at-provider.ts";
import { sealRefreshTokenAnew } from "../lib/identity/sign-in/refresh-token.ts";
import { sealStreamSecretsAnew } from "../lib/streams/stored/secrets.ts";
import { sealAuthorityKeyAnew } from "../lib/tunnels/authority/kept-authority.ts";
import { sealWebhookSecretAnew } from "../lib/webhooks/delivery/secret.ts";
import { lockDataFolder } from "./lock-data-folder.ts";
import { openDatabase } from "./open-database.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Seals anew what the database keeps sealed for long: all of it, or nothing. Where the key is the installation's own (data/secrets) a new one is
 * made first, and nothing may run on the data folder; where `encryption.key` is set, it is the new one, and the former stands in
 * `encryption.former_keys`.
 * @throws AppError `conflict` while an instance runs on the folder, `invalid_argument` where there is no former key, `internal` where something
 * opens with none of the keys: then nothing in the database is changed.
 */
export async function rotateEncryptionKeyByCommand(config: Config): Promise<void> {
  if (config.demo)
    throw new AppError(
      "conflict",
      "--rotate-encryption-key is not for the demo, which keeps nothing of worth.",
    );
  const lock = lockDataFolder(config.data);
  try {
    const rotated = makeNewKey(config);
    installConfig(rotated);
    await openDatabase(rotated);
    const counts = await sealAllAnew();
    process.stdout.write(describe(counts));
  } finally {
    await stopNotifications();
    await disconnectDatabase();
    lock.release();
  }
}

function makeNewKey(config: Config): Config {
  const { encryptionKeyIsKept, encryption } = config;
  if (encryptionKeyIsKept) {
    replaceKeptSecret(config.data, "encryption");
    return loadConfig(processSources());
  }
  if (encryption.formerKeys.length > 0) return config;
  throw new AppError(
    "invalid_argument",
    "encryption.former_keys (KUBEWITNESS_ENCRYPTION_FORMER_KEYS) is not set: takes the key that encryption.key was before, so that what it sealed can be opened",
  );
}

export interface SealedAnew {
  credentials: number;
  refreshTokens: number;
  signOuts: number;
  providerSecrets: number;
  authenticators: number;
  webhookSecrets: number;
  alertChannels: number;
  agentAuthorities: number;
  streamSecrets: number;
  /** Parts of recordings that are sealed, with whichever key: they stay as they are. */
  recordingParts: number;
}

/** Everything in one transaction, with its event. What a replica that serves meanwhile writes anew waits for it, or counts. */
export async function sealAllAnew(): Promise<SealedAnew> {
  return database().$transaction(
    async (tx) => {
      await holdRows(tx);
      const counts: SealedAnew = {
        credentials: await clusterCredentials(tx),
        refreshTokens: await refreshTokens(tx),
        signOuts: await signOuts(tx),
        providerSecrets: await providerSecrets(tx),
        authenticators: await authenticators(tx),
        webhookSecrets: await webhookSecrets(tx),
        alertChannels: await alertChannels(tx),
        agentAuthorities: await agentAuthorities(tx),
        streamSecrets: await streamSecrets(tx),
        recordingParts: await tx.recordingChunk.count({ where: { sealed: true } }),
      };
      await recordEvent(tx, systemContext("command line"), {
        action: "Update",
        operation: "Rotate",
        entityType: "Settings",
        entityId: "encryption.key",
        entityName: "encryption.key",
        after: { sealedAnew: counts },
      });
      return counts;
    },
    { timeout: 600_000, maxWait: 10_000 },
  );
}

/** Nothing that was read is another when it is written back: a provider takes a refresh token once, and a credential that was replaced may not return. */
async function holdRows(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select 1 from clusters where credential is not null order by id for no key update`;
  await tx.$executeRaw`select 1 from accounts where refresh_token is not null order by id for no key update`;
  await tx.$executeRaw`select 1 from sessions where provider_sign_out is not null and expires > now() order by id for no key update`;
  await tx.$executeRaw`select 1 from identity_providers where secrets is not null order by id for no key update`;
  await tx.$executeRaw`select 1 from authenticator_apps order by user_id for no key update`;
  await tx.$executeRaw`select 1 from local_set_ups where secret is not null order by id for no key update`;
  await tx.$executeRaw`select 1 from webhooks order by id for no key update`;
  await tx.$executeRaw`select 1 from alert_channels where secret is not null order by id for no key update`;
  await tx.$executeRaw`select 1 from tunnel_authorities order by id for no key update`;
  await tx.$executeRaw`select 1 from streams where secrets is not null order by id for no key update`;
}

/** Seals each row anew and counts those that were not yet. */
async function each<T>(
  rows: readonly T[],
  seal: (row: T) => Bytes | null,
  keep: (row: T, sealed: Bytes) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  for (const row of rows) {
    const sealed = seal(row);
    if (sealed === null) continue;
    await keep(row, sealed);
    count++;
  }
  return count;
}

async function clusterCredentials(tx: Transaction): Promise<number> {
  const rows = await tx.cluster.findMany({ where: { credential: { not: null } } });
  return each(
    rows,
    (row) => sealCredentialAnew(row, row.credential!),
    ({ id }, credential) => tx.cluster.update({ where: { id }, data: { credential } }),
  );
}

async function refreshTokens(tx: Transaction): Promise<number> {
  const rows = await tx.account.findMany({ where: { refreshToken: { not: null } } });
  return each(
    rows,
    ({ userId, refreshToken }) => sealRefreshTokenAnew(userId, refreshToken!),
    ({ id }, refreshToken) => tx.account.update({ where: { id }, data: { refreshToken } }),
  );
}

async function signOuts(tx: Transaction): Promise<number> {
  const rows = await tx.session.findMany({
    where: { providerSignOut: { not: null }, expires: { gt: new Date() } },
  });
  return each(
    rows,
    ({ sessionToken, providerSignOut }) => sealSignOutAnew(sessionToken, providerSignOut!),
    ({ id }, providerSignOut) => tx.session.update({ where: { id }, data: { providerSignOut } }),
  );
}

async function providerSecrets(tx: Transaction): Promise<number> {
  const rows = await tx.storedProvider.findMany({ where: { secrets: { not: null } } });
  return each(
    rows,
    ({ id, secrets }) => sealSecretsAnew(id, secrets!),
    ({ id }, secrets) => tx.storedProvider.update({ where: { id }, data: { secrets } }),
  );
}

async function authenticators(tx: Transaction): Promise<number> {
  const apps = await tx.authenticatorApp.findMany();
  const current = await each(
    apps.filter(({ secret }) => secret !== null),
    ({ userId, secret }) => sealTotpSecretAnew(userId, secret!),
    ({ userId }, secret) => tx.authenticatorApp.update({ where: { userId }, data: { secret } }),
  );
  const pending = await each(
    apps.filter((app) => app.pending !== null),
    (app) => sealTotpSecretAnew(app.userId, app.pending!),
    ({ userId }, sealed) => tx.authenticatorApp.update({ where: { userId }, data: { pending: sealed } }),
  );
  const setUps = await each(
    await tx.localSetUp.findMany({ where: { secret: { not: null } } }),
    ({ id, secret }) => sealTotpSecretAnew(id, secret!),
    ({ id }, secret) => tx.localSetUp.update({ where: { id }, data: { secret } }),
  );
  return current + pending + setUps;
}

async function webhookSecrets(tx: Transaction): Promise<number> {
  const rows = await tx.webhook.findMany();
  return each(
    rows,
    ({ id, secret }) => sealWebhookSecretAnew(id, secret),
    ({ id }, secret) => tx.webhook.update({ where: { id }, data: { secret } }),
  );
}

async function alertChannels(tx: Transaction): Promise<number> {
  const rows = await tx.alertChannel.findMany({ where: { secret: { not: null } } });
  return each(
    rows,
    ({ id, secret }) => sealChannelSecretAnew(id, secret!),
    ({ id }, secret) => tx.alertChannel.update({ where: { id }, data: { secret } }),
  );
}

async function agentAuthorities(tx: Transaction): Promise<number> {
  return each(await tx.tunnelAuthority.findMany(), sealAuthorityKeyAnew, ({ id }, key) =>
    tx.tunnelAuthority.update({ where: { id }, data: { key } }),
  );
}

async function streamSecrets(tx: Transaction): Promise<number> {
  const rows = await tx.stream.findMany({
    where: { secrets: { not: null } },
    select: { id: true, secrets: true },
  });
  return each(
    rows,
    ({ id, secrets }) => sealStreamSecretsAnew(id, secrets!),
    // Whoever delivers it opens what was sealed with the former key, and takes the new one with the next change.
    ({ id }, secrets) => tx.stream.update({ where: { id }, data: { secrets } }),
  );
}

function describe(counts: SealedAnew): string {
  const { recordingParts, ...sealed } = counts;
  const words: Record<keyof typeof sealed, string> = {
    credentials: "credentials of clusters",
    refreshTokens: "refresh tokens of people",
    signOuts: "ways for sessions to sign out at their provider",
    providerSecrets: "secrets of identity providers",
    authenticators: "secrets of authenticator apps",
    webhookSecrets: "secrets of webhooks",
    alertChannels: "secrets of alerts' channels",
    agentAuthorities: "keys of the authority of agents",
    streamSecrets: "secrets of streams",
  };
  const lines = Object.entries(words).map(
    ([key, what]) => `    ${String(sealed[key as keyof typeof sealed]).padStart(6)} ${what}`,
  );
  const rest =
    recordingParts === 0
      ? "  Nothing is sealed with a former key any more."
      : `  Recordings stay sealed as they are (${recordingParts} parts in the database, and those that are archived): keep the former key until their days are no longer kept.`;
  return ["", "  Sealed anew with the encryption key:", "", ...lines, "", rest, "", ""].join("\n");
}
