import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from "@simplewebauthn/server";
import type { Passkey } from "../../../../prisma/generated/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type ChallengeUse, keepChallenge, takeChallengeOf } from "./challenges.ts";
import { relyingParty, whyNoPasskeys } from "./relying-party.ts";

/**
 * What a browser needs to use a passkey: any of the person's, or, to sign in, any that it has for this console.
 * @throws AppError `conflict` where the console has no name that passkeys could be for.
 */
export async function assertionOptions(use: ChallengeUse, userId?: string) {
  const why = whyNoPasskeys();
  if (why !== null) throw new AppError("conflict", why);
  const own = userId === undefined ? [] : await database().passkey.findMany({ where: { userId } });
  const options = await generateAuthenticationOptions({
    rpID: relyingParty().id,
    userVerification: "required",
    allowCredentials: own.map(({ credentialId: id }) => ({ id })),
  });
  await keepChallenge(options.challenge, use);
  return options;
}

/** Why a passkey did not count, in the words of Event History. */
export class PasskeyRefused extends Error {
  /** Whose passkey it is, as far as that is known. */
  readonly userId: string | null;

  constructor(message: string, userId: string | null) {
    super(message);
    this.name = "PasskeyRefused";
    this.userId = userId;
  }
}

/**
 * Checks what a passkey signed: asked for this use, for this console, once, by its holder. The caller says whose it may be.
 * @throws PasskeyRefused
 */
export async function checkAssertion(response: unknown, use: ChallengeUse): Promise<Passkey> {
  const answer = response as AuthenticationResponseJSON;
  const passkey = await database().passkey.findUnique({ where: { credentialId: String(answer.id) } });
  if (passkey === null) throw new PasskeyRefused("the passkey is not known here", null);
  const handle = answer.response?.userHandle;
  if (handle && handle !== Buffer.from(passkey.userId, "utf8").toString("base64url")) {
    throw new PasskeyRefused("the passkey says that it is somebody else's", passkey.userId);
  }
  const { verified, newCounter } = await verify(answer, passkey, use);
  if (!verified) throw new PasskeyRefused("its signature is not right", passkey.userId);
  await keepUse(passkey, newCounter);
  return passkey;
}

async function verify(response: AuthenticationResponseJSON, passkey: Passkey, use: ChallengeUse) {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const { credentialId: id, publicKey, counter, userId } = passkey;
  const expectedChallenge = await takeChallengeOf(response, use);
  if (expectedChallenge === null) {
    throw new PasskeyRefused("what it signed was not asked for here, or was answered already", userId);
  }
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      credential: { id, publicKey, counter: Number(counter) },
    });
    return { verified, newCounter: BigInt(authenticationInfo.newCounter) };
  } catch (error) {
    throw new PasskeyRefused((error as Error).message, userId);
  }
}

/** An authenticator that counts and counted no further was copied (Web Authentication Level 3, section 6.1.1). */
async function keepUse({ id, userId, counter }: Passkey, newCounter: bigint): Promise<void> {
  const { count } = await database().passkey.updateMany({
    where: { id, counter },
    data: { counter: newCounter, lastUsedAt: new Date() },
  });
  if (count === 0) throw new PasskeyRefused("it was used twice at once", userId);
}
