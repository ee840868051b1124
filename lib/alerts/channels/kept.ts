import { z } from "zod";
import type { AlertChannel } from "../../../prisma/generated/client.ts";
import { config } from "../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";
import { SmtpSecurity } from "./schema.ts";

const KeptEmail = z.object({
  kind: z.literal("email"),
  host: z.string(),
  port: z.int(),
  security: SmtpSecurity,
  user: z.string().nullable(),
  from: z.string(),
  to: z.array(z.string()),
});
export type KeptEmail = z.infer<typeof KeptEmail>;

/** What a channel's row keeps of where it goes, beside its secret. */
export const KeptSettings = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("webhook"), url: z.string() }),
  z.object({ kind: z.literal("slack"), host: z.string() }),
  KeptEmail,
]);
export type KeptSettings = z.infer<typeof KeptSettings>;

export const settingsOf = ({ settings }: Pick<AlertChannel, "settings">): KeptSettings =>
  KeptSettings.parse(settings);

const sealingOf = (id: string) => ({ ...config().encryption, context: `alert-channel/${id}` });

/** A channel's secret as it is stored: sealed for this one channel. */
export const sealChannelSecret = (id: string, text: string): Uint8Array<ArrayBuffer> =>
  sealText({ ...sealingOf(id), text });

export const openChannelSecret = (id: string, sealed: Uint8Array): string =>
  openSealedText({ ...sealingOf(id), sealed });

/** The same, sealed with the key that seals now; null where it was already. */
export const sealChannelSecretAnew = (id: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null =>
  sealAnew({ ...sealingOf(id), sealed });
