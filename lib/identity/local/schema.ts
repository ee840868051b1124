import { z } from "zod";
import { nameText, PersonEmail } from "../../names/schema.ts";
import { FactorCode } from "../second-factor/schema.ts";

const SHORTEST = 12;
const LONGEST = 256;
const TAKES = `takes ${SHORTEST} to ${LONGEST} characters`;

/** A password that is chosen. Length is what counts (NIST SP 800-63B-4, section 3.1.1.2): there are no rules of composition. */
const NewPassword = z
  .string(TAKES)
  .min(SHORTEST, TAKES)
  .max(LONGEST, TAKES)
  .refine((password) => new Set(password).size >= 5, `${TAKES}, at least five of them different`);

/** A password that is tried. */
const TriedPassword = z.string("takes a password").min(1, "takes a password").max(LONGEST, TAKES);

/** The one-time code to set up as it is typed. */
const SetUpCode = z
  .string("takes the one-time code")
  .trim()
  .min(1, "takes the one-time code")
  .max(60, "takes the one-time code");

export const OpenSetUpInput = z.strictObject({ code: SetUpCode });
export type OpenSetUpInput = z.infer<typeof OpenSetUpInput>;

/** For whom a one-time code is. */
export const OpenedSetUp = z.object({
  /** Whether it is the first visit, which chooses address and name, and becomes an administrator. */
  isFirstVisit: z.boolean(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  expiresAt: z.iso.datetime(),
});
export type OpenedSetUp = z.infer<typeof OpenedSetUp>;

export const BeginSetUpInput = z.strictObject({
  code: SetUpCode,
  /** At the first visit. */
  email: PersonEmail.optional(),
  name: nameText(200).optional(),
  password: NewPassword,
});
export type BeginSetUpInput = z.infer<typeof BeginSetUpInput>;

export const FinishSetUpInput = z.strictObject({ code: SetUpCode, appCode: FactorCode });
export type FinishSetUpInput = z.infer<typeof FinishSetUpInput>;

export const PasswordSignInInput = z.strictObject({
  email: z.string("takes your e-mail address").trim().min(1, "takes your e-mail address").max(254),
  password: TriedPassword,
  code: FactorCode,
});
export type PasswordSignInInput = z.infer<typeof PasswordSignInInput>;

export const PasskeySignInInput = z.strictObject({
  response: z.looseObject(
    { id: z.string().max(2_000), response: z.looseObject({}) },
    "takes what the browser answered",
  ),
});
export type PasskeySignInInput = z.infer<typeof PasskeySignInInput>;

export const ChangePasswordInput = z.strictObject({ current: TriedPassword, password: NewPassword });
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

export const AddLocalPersonInput = z.strictObject({
  email: PersonEmail,
  name: nameText(200),
  consoleRole: z
    .enum(["administrator", "auditor", "user"], "takes administrator, auditor or user")
    .default("user"),
});
export type AddLocalPersonInput = z.input<typeof AddLocalPersonInput>;

/** How a local person sets up password and second factor; shown once. */
export const SetUpOffer = z.object({
  id: z.uuid().meta({ description: "The person's." }),
  email: z.string(),
  code: z.string().meta({ description: "Shown once: only its hash is kept." }),
  url: z.string().meta({
    description: "Where it is used; the code is in the fragment, which browsers keep to themselves.",
  }),
  expiresAt: z.iso.datetime(),
});
export type SetUpOffer = z.infer<typeof SetUpOffer>;

export const RemovedFactors = z.object({
  setUp: SetUpOffer.nullable().meta({
    description: "How a local person sets up another; null for others, who do so on My security.",
  }),
});
export type RemovedFactors = z.infer<typeof RemovedFactors>;
