import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { qrCodePath } from "../../second-factor/authenticator/qr-code.ts";
import { sealTotpSecret } from "../../second-factor/authenticator/sealed-secret.ts";
import { newTotpSecret, totpUri } from "../../second-factor/authenticator/totp.ts";
import type { PendingAuthenticator } from "../../second-factor/schema.ts";
import { hashPassword } from "../password/password-hash.ts";
import { refuseOwnName } from "../password/refuse-own-name.ts";
import type { BeginSetUpInput } from "../schema.ts";
import { findSetUp } from "./find-set-up.ts";

/**
 * Takes the password, and gives an authenticator app its secret. Kept beside the one-time code until a code of the app confirms it: until then
 * nobody is anybody by it.
 * @throws AppError `invalid_argument`
 */
export async function beginSetUp({
  ctx,
  input,
}: {
  ctx: Context;
  input: BeginSetUpInput;
}): Promise<PendingAuthenticator> {
  const { id, user } = await findSetUp(ctx, input.code);
  const { email, name } = user === null ? visitorOf(input) : { email: user.email ?? "", name: user.name };
  refuseOwnName(input.password, [email, name ?? ""]);
  const passwordHash = await hashPassword(input.password);
  const secret = newTotpSecret();
  await database().localSetUp.updateMany({
    where: { id },
    data: { email, name, passwordHash, secret: sealTotpSecret(id, secret) },
  });
  return { secret, qrCode: qrCodePath(totpUri({ secret, account: email })) };
}

function visitorOf({ email, name }: BeginSetUpInput): { email: string; name: string } {
  if (email !== undefined && name !== undefined) return { email, name };
  const field = email === undefined ? "email" : "name";
  const takes = email === undefined ? "your e-mail address" : "your name";
  throw new AppError("invalid_argument", `${field}: got nothing; takes ${takes}`, {
    details: [{ field, got: "nothing", takes }],
  });
}
