import type { AlertChannel } from "../../../prisma/generated/client.ts";
import { AppError } from "../../errors.ts";
import { checkHost, checkWebhookUrl } from "../../webhooks/delivery/address.ts";
import { type KeptSettings, sealChannelSecret, settingsOf } from "./kept.ts";
import type { ChannelDestination } from "./schema.ts";

interface Kept {
  kind: string;
  settings: KeptSettings;
  /** Left out: it stays. */
  secret?: Uint8Array<ArrayBuffer> | null;
}

/**
 * What a channel's row keeps of where it goes. A password that is not given stays where server, encryption and user do: it is sent to no other, nor in another way.
 * @throws AppError `invalid_argument` for an address that may not be called, or another kind than before.
 */
export async function keepDestination(
  id: string,
  to: ChannelDestination,
  before: AlertChannel | null,
): Promise<Kept> {
  const known = before && settingsOf(before);
  if (known && known.kind !== to.kind)
    throw new AppError("invalid_argument", `kind: got ${to.kind}; takes ${known.kind}, or another channel`, {
      details: [{ field: "to.kind", got: to.kind, takes: known.kind }],
    });
  if (to.kind === "webhook")
    return { kind: to.kind, settings: { kind: to.kind, url: await check(() => checkWebhookUrl(to.url)) } };
  if (to.kind === "slack") {
    const url = await check(() => checkWebhookUrl(to.url), { isSecret: true });
    const settings = { kind: to.kind, host: new URL(url).host };
    return { kind: to.kind, settings, secret: sealChannelSecret(id, url) };
  }
  await check(() => checkHost(to.host), { field: "to.host" });
  const { password, user, ...rest } = to;
  const settings = { ...rest, user: user || null };
  const isSame =
    known?.kind === "email" &&
    known.host === to.host &&
    known.port === to.port &&
    known.security === to.security &&
    known.user === settings.user;
  if (password === undefined && isSame) return { kind: to.kind, settings };
  return { kind: to.kind, settings, secret: password ? sealChannelSecret(id, password) : null };
}

/** The address of a chat's webhook is its secret: what is wrong with it does not repeat it. */
async function check<T>(
  run: () => Promise<T>,
  { isSecret = false, field = "to.url" }: { isSecret?: boolean; field?: string } = {},
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid_argument") throw error;
    const takes = error.details[0]?.takes ?? "an address that may be called";
    const got = isSecret ? "a value (not shown)" : error.details[0]?.got;
    throw new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
      details: [{ field, got, takes }],
    });
  }
}
