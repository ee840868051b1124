import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { BrowserOptions } from "../../../lib/identity/second-factor/schema.ts";
import { sendJson } from "../request-json.ts";

/** The viewer did not use a passkey, or the browser has none. */
export class PasskeyNotUsed extends Error {}

/** Has the browser make a passkey of the options at this address; answers what is to be sent. */
export async function makePasskey(optionsAt: string): Promise<object> {
  const options = await sendJson(optionsAt, BrowserOptions, "POST");
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return unlessLeft(() => startRegistration({ optionsJSON }), "No passkey was made. Try again.");
}

/** Has the browser use a passkey. */
export async function signWithPasskey(optionsAt: string): Promise<object> {
  const options = await sendJson(optionsAt, BrowserOptions, "POST");
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return unlessLeft(() => startAuthentication({ optionsJSON }), "No passkey was used. Try again.");
}

async function unlessLeft(ask: () => Promise<object>, words: string): Promise<object> {
  try {
    return await ask();
  } catch (error) {
    const isKnown = error instanceof Error && error.name === "InvalidStateError";
    throw new PasskeyNotUsed(isKnown ? "This device has a passkey for you here already." : words);
  }
}
