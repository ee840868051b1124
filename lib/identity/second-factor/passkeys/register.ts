import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Passkey } from "../../../../prisma/generated/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { keepChallenge, takeChallengeOf } from "./challenges.ts";
import { relyingParty, whyNoPasskeys } from "./relying-party.ts";

/** EdDSA, ES256, RS256 (RFC 9053). */
const ALGORITHMS = [-8, -7, -257];

/** What a passkey is made for. */
export interface PasskeyOwner {
  userId: string;
  email: string;
  name: string;
  sessionId: string;
}

/**
 * What a browser needs to make a passkey: one that knows whose it is, and that asks for its holder's PIN, finger or face.
 * @throws AppError `conflict` where the console has no name that passkeys could be for.
 */
export async function registrationOptions({ userId, email, name, sessionId }: PasskeyOwner) {
  const why = whyNoPasskeys();
  if (why !== null) throw new AppError("conflict", why);
  const own = await database().passkey.findMany({ where: { userId } });
  const options = await generateRegistrationOptions({
    rpName: "Kubewitness",
    rpID: relyingParty().id,
    userName: email,
    userDisplayName: name,
    userID: new TextEncoder().encode(userId),
    attestationType: "none",
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: own.map(({ credentialId: id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await keepChallenge(options.challenge, { purpose: "register", sessionId });
  return options;
}

export type NewPasskey = Pick<Passkey, "credentialId" | "publicKey" | "counter" | "transports">;

/**
 * Checks what a browser made of the options: in this session, for this console, once.
 * @throws AppError `invalid_argument`
 */
export async function checkRegistration(response: unknown, sessionId: string): Promise<NewPasskey> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty();
  const expectedChallenge = await takeChallengeOf(response, { purpose: "register", sessionId });
  try {
    if (expectedChallenge === null) throw new Error("it was not asked for, or was answered already");
    const { registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge,
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!registrationInfo) throw new Error("the passkey's answer is not signed as it should be");
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    return { credentialId: id, publicKey: new Uint8Array(publicKey), counter: BigInt(counter), transports };
  } catch (cause) {
    throw new AppError("invalid_argument", "The passkey was not accepted. Begin again.", {
      details: [
        { field: "response", takes: "what the browser made of the options that were asked for last" },
      ],
      cause,
    });
  }
}
