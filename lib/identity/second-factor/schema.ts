import { z } from "zod";
import { nameText } from "../../names/schema.ts";

/** A code of the authenticator app, or a recovery code. */
export const FactorCode = z
  .string("takes the six digits that the app shows, or a recovery code")
  .trim()
  .min(6, "takes the six digits that the app shows, or a recovery code")
  .max(40, "takes the six digits that the app shows, or a recovery code");

/** What a browser answers for an authenticator: of WebAuthn's shape, checked by who reads it. */
const BrowserAnswer = z.looseObject(
  { id: z.string().max(2_000), response: z.looseObject({}) },
  "takes what the browser answered",
);

/** What a browser is to hand to an authenticator (PublicKeyCredential…OptionsJSON, Web Authentication Level 3). */
export const BrowserOptions = z.looseObject({ challenge: z.string() });
export type BrowserOptions = z.infer<typeof BrowserOptions>;

/** A second factor as it is shown: a code, or a passkey. */
export const ShowFactorInput = z
  .strictObject({ code: FactorCode.optional(), passkey: BrowserAnswer.optional() })
  .refine(({ code, passkey }) => (code === undefined) !== (passkey === undefined), {
    path: ["code"],
    message: "takes a code, or a passkey in its place",
  });
export type ShowFactorInput = z.infer<typeof ShowFactorInput>;

export const FactorShown = z.object({
  shownAt: z.iso.datetime(),
  /** Until then it counts where one is demanded. */
  countsUntil: z.iso.datetime(),
});
export type FactorShown = z.infer<typeof FactorShown>;

export const PasskeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type PasskeyView = z.infer<typeof PasskeyView>;

/** With what somebody proves who they are. Never a secret. */
export const SecurityView = z.object({
  /** Whether it is a local person, who signs in with a password here. */
  isLocal: z.boolean(),
  email: z.string(),
  passwordChangedAt: z.iso.datetime().nullable(),
  authenticator: z
    .object({ createdAt: z.iso.datetime(), lastUsedAt: z.iso.datetime().nullable() })
    .nullable(),
  passkeys: z.array(PasskeyView),
  recoveryCodes: z.object({ left: z.int(), of: z.int() }),
  /** Why there can be no passkeys here; null where there can. */
  whyNoPasskeys: z.string().nullable(),
  /** What this installation asks for one before: `secondFactor.required_for`. */
  requiredFor: z.array(z.enum(["recordings", "exports", "access"])),
  /** Until when the second factor that was shown in this session counts; null where none does. */
  countsUntil: z.iso.datetime().nullable(),
});
export type SecurityView = z.infer<typeof SecurityView>;

export const AddPasskeyInput = z.strictObject({ name: nameText(100), response: BrowserAnswer });
export type AddPasskeyInput = z.infer<typeof AddPasskeyInput>;

/** An authenticator app that is to be confirmed by a code of it. */
export const PendingAuthenticator = z.object({
  /** Base32, to be typed where no camera is. */
  secret: z.string(),
  qrCode: z
    .object({ path: z.string(), side: z.int() })
    .meta({ description: "An SVG path in a square view box." }),
});
export type PendingAuthenticator = z.infer<typeof PendingAuthenticator>;

export const ConfirmAuthenticatorInput = z.strictObject({
  code: z
    .string("takes the six digits that the app shows")
    .transform((text) => text.replace(/\s/g, ""))
    .pipe(z.string().regex(/^\d{6}$/, "takes the six digits that the app shows")),
});
export type ConfirmAuthenticatorInput = z.infer<typeof ConfirmAuthenticatorInput>;

/** Shown once: only their hashes are kept. Empty where there are some already. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;
