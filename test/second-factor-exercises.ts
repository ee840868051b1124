import { config } from "../lib/config.ts";
import { type Context, systemContext } from "../lib/context.ts";
import { changePassword } from "../lib/identity/local/password/mutations.ts";
import {
  addLocalPerson,
  createAdministrator,
  offerNewSetUp,
  removeFactors,
  removeLocalPerson,
} from "../lib/identity/local/people/mutations.ts";
import { beginSetUp } from "../lib/identity/local/set-up/begin.ts";
import { finishSetUp } from "../lib/identity/local/set-up/mutations.ts";
import { ownPasskeyOptions } from "../lib/identity/second-factor/own/data.ts";
import {
  addPasskey,
  beginAuthenticator,
  confirmAuthenticator,
  removeAuthenticator,
  removePasskey,
  renewRecoveryCodes,
} from "../lib/identity/second-factor/own/mutations.ts";
import { showFactor } from "../lib/identity/second-factor/step-up/mutations.ts";
import { createSession } from "../lib/identity/sessions/mutations.ts";
import type { TestInstallation } from "./installation.ts";
import { appCode, contextOf, type LocalPerson, newLocalPerson } from "./local-people.ts";
import { SoftwareAuthenticator } from "./software-authenticator.ts";

type Exercise = [
  prepare: () => Promise<unknown>,
  run: (prepared: never) => Promise<unknown>,
  ...writes: string[],
];

const ctx = systemContext("test");
const PASSWORD = "another phrase that is long";

interface Signed extends LocalPerson {
  own: Context;
}

async function passkeyOf(own: Context) {
  const key = new SoftwareAuthenticator(config().publicUrl);
  const response = key.create(await ownPasskeyOptions({ ctx: own }));
  return addPasskey({ ctx: own, input: { name: "key", response } });
}

/** Exercises of what changes local people and second factors, for lib/mutations.test.ts. */
export function secondFactorExercises(installation: () => TestInstallation): Record<string, Exercise> {
  const person = () => newLocalPerson(installation());
  let sessions = 0;
  const signed = async (): Promise<Signed> => {
    const local = await person();
    const cookie = `second-factor-${++sessions}`;
    const expires = new Date(Date.now() + 3_600_000);
    const session = { provider: "local", sessionToken: cookie, expires, secondFactorAt: new Date() };
    await createSession({ ctx, input: { userId: local.userId, ...session } });
    return { ...local, own: await contextOf(cookie) };
  };
  const offered = async () => {
    const { code } = await addLocalPerson({
      ctx,
      input: { email: `set-up-${++sessions}@acme.example`, name: "New" },
    });
    const { secret } = await beginSetUp({ ctx, input: { code, password: PASSWORD } });
    return { code, secret };
  };
  return {
    "identity/local/password changePassword": [
      signed,
      ({ own, password }: Signed) =>
        changePassword({ ctx: own, input: { current: password, password: PASSWORD } }),
      "Update User",
    ],
    "identity/local/people addLocalPerson": [async () => undefined, offered, "Create User"],
    "identity/local/people createAdministrator": [
      async () => undefined,
      () => createAdministrator({ ctx, input: { email: "root@acme.example", name: "Root" } }),
      "Create User",
    ],
    "identity/local/people offerNewSetUp": [
      person,
      ({ userId: id }: LocalPerson) => offerNewSetUp({ ctx, input: { id } }),
      "Update Mfa",
    ],
    "identity/local/people removeFactors": [
      person,
      ({ userId: id }: LocalPerson) => removeFactors({ ctx, input: { id } }),
      "Disable Mfa",
    ],
    "identity/local/people removeLocalPerson": [
      person,
      ({ userId: id }: LocalPerson) => removeLocalPerson({ ctx, input: { id } }),
      "Delete User",
    ],
    "identity/local/set-up finishSetUp": [
      offered,
      ({ code, secret }: { code: string; secret: string }) =>
        finishSetUp({ ctx, input: { code, appCode: appCode(secret) } }),
      "Enable Mfa",
    ],
    "identity/second-factor/own addPasskey": [signed, ({ own }: Signed) => passkeyOf(own), "Enable Mfa"],
    "identity/second-factor/own beginAuthenticator": [
      signed,
      ({ own }: Signed) => beginAuthenticator({ ctx: own }),
      "Update Mfa",
    ],
    "identity/second-factor/own confirmAuthenticator": [
      async () => {
        const { own } = await signed();
        return { own, ...(await beginAuthenticator({ ctx: own })) };
      },
      ({ own, secret }: { own: Context; secret: string }) =>
        confirmAuthenticator({ ctx: own, input: { code: appCode(secret) } }),
      "Enable Mfa",
    ],
    "identity/second-factor/own removeAuthenticator": [
      async () => {
        const { own } = await signed();
        await passkeyOf(own);
        return { own };
      },
      ({ own }: Signed) => removeAuthenticator({ ctx: own }),
      "Disable Mfa",
    ],
    "identity/second-factor/own removePasskey": [
      async () => {
        const { own } = await signed();
        return { own, id: (await passkeyOf(own)).passkey.id };
      },
      ({ own, id }: { own: Context; id: string }) => removePasskey({ ctx: own, input: { id } }),
      "Disable Mfa",
    ],
    "identity/second-factor/own renewRecoveryCodes": [
      signed,
      ({ own }: Signed) => renewRecoveryCodes({ ctx: own }),
      "Rotate Mfa",
    ],
    "identity/second-factor/step-up showFactor": [
      signed,
      async ({ own, freshCode }: Signed) => showFactor({ ctx: own, input: { code: await freshCode() } }),
      "Login Mfa",
    ],
  };
}
