import type { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  AddLocalPersonInput,
  BeginSetUpInput,
  ChangePasswordInput,
  FinishSetUpInput,
  OpenedSetUp,
  OpenSetUpInput,
  PasskeySignInInput,
  PasswordSignInInput,
  RemovedFactors,
  SetUpOffer,
} from "../../../lib/identity/local/schema.ts";
import {
  AddPasskeyInput,
  BrowserOptions,
  ConfirmAuthenticatorInput,
  FactorShown,
  PasskeyView,
  PendingAuthenticator,
  RecoveryCodes,
  SecurityView,
  ShowFactorInput,
} from "../../../lib/identity/second-factor/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation, type Refusal } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const SECURITY = "Second factor";
const SIGN_IN = "Signing in here";
const LOCAL_PEOPLE = "People";
const OWN_PAGE = "For the console's own pages: `Origin` has to be the console's.";
const IN_SESSION = "In a console session: a bearer token is not enough.";

interface Own {
  id: string;
  summary: string;
  body?: z.ZodType;
  answer?: z.ZodType;
  status?: "200" | "201" | "204";
  path?: z.ZodObject;
  refusals?: readonly Refusal[];
}

const own = ({ id, summary, body, answer, status, path, refusals = [400, 401, 403, 409, 429] }: Own) =>
  describeOperation({
    id,
    summary,
    description: IN_SESSION,
    tag: SECURITY,
    body,
    path,
    status: status ?? (answer ? "200" : "204"),
    answers: answer ? json(answer) : {},
    refusals,
  });

const signIn = ({ id, summary, body, answer }: Own) =>
  describeOperation({
    id,
    summary,
    description: OWN_PAGE,
    tag: SIGN_IN,
    body,
    status: answer ? "200" : "204",
    answers: answer ? json(answer) : {},
    refusals: [400, 401, 403, 409, 429, 503],
    anonymous: true,
  });

/** Signing in as a local person, and second factors of anybody. */
export const securityPaths: ZodOpenApiPathsObject = {
  "/api/v1/sign-in/password": {
    post: signIn({
      id: "signInWithPassword",
      summary: "Sign a local person in by password and code; the answer has the session's cookie",
      body: PasswordSignInInput,
    }),
  },
  "/api/v1/sign-in/passkey": {
    post: signIn({
      id: "signInWithPasskey",
      summary: "Sign a local person in by a passkey; the answer has the session's cookie",
      body: PasskeySignInInput,
    }),
  },
  "/api/v1/sign-in/passkey/options": {
    post: signIn({
      id: "getPasskeySignInOptions",
      summary: "What the browser needs to sign in by a passkey",
      answer: BrowserOptions,
    }),
  },
  "/api/v1/sign-in/set-up": {
    post: signIn({
      id: "openSetUp",
      summary: "For whom a one-time code is",
      body: OpenSetUpInput,
      answer: OpenedSetUp,
    }),
  },
  "/api/v1/sign-in/set-up/begin": {
    post: signIn({
      id: "beginSetUp",
      summary: "Choose a password by a one-time code, and get an authenticator app's secret",
      body: BeginSetUpInput,
      answer: PendingAuthenticator,
    }),
  },
  "/api/v1/sign-in/set-up/finish": {
    post: signIn({
      id: "finishSetUp",
      summary:
        "Confirm the app by a code of it, which uses the one-time code up; the answer has the session's cookie",
      body: FinishSetUpInput,
      answer: RecoveryCodes,
    }),
  },
  "/api/v1/me/second-factor": {
    post: own({
      id: "showSecondFactor",
      summary: "Show a second factor: what demands one is open for `secondFactor.within`, in this session",
      body: ShowFactorInput,
      answer: FactorShown,
    }),
  },
  "/api/v1/me/second-factor/options": {
    post: own({
      id: "getSecondFactorOptions",
      summary: "What the browser needs to show a passkey",
      answer: BrowserOptions,
      refusals: [401, 403, 409],
    }),
  },
  "/api/v1/me/security": {
    get: own({
      id: "getOwnSecurity",
      summary: "With what one proves who one is",
      answer: SecurityView,
      refusals: [401, 403],
    }),
  },
  "/api/v1/me/security/authenticator": {
    post: own({
      id: "beginAuthenticator",
      summary: "Begin to set up an authenticator app",
      answer: PendingAuthenticator,
      status: "201",
      refusals: [401, 403],
    }),
    delete: own({
      id: "removeAuthenticator",
      summary: "Take the authenticator app away",
      refusals: [401, 403, 404, 409],
    }),
  },
  "/api/v1/me/security/authenticator/confirm": {
    post: own({
      id: "confirmAuthenticator",
      summary: "Confirm the app by a code of it; who has no recovery codes yet gets some",
      body: ConfirmAuthenticatorInput,
      answer: RecoveryCodes,
    }),
  },
  "/api/v1/me/security/passkeys": {
    post: own({
      id: "addPasskey",
      summary: "Add a passkey; who has no recovery codes yet gets some",
      body: AddPasskeyInput,
      answer: RecoveryCodes.extend({ passkey: PasskeyView }),
      status: "201",
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/me/security/passkeys/options": {
    post: own({
      id: "getPasskeyOptions",
      summary: "What the browser needs to make a passkey",
      answer: BrowserOptions,
      refusals: [401, 403, 409],
    }),
  },
  "/api/v1/me/security/passkeys/{id}": {
    delete: own({
      id: "removePasskey",
      summary: "Take a passkey away",
      path: IdParameter,
      refusals: [401, 403, 404, 409],
    }),
  },
  "/api/v1/me/security/recovery-codes": {
    post: own({
      id: "renewRecoveryCodes",
      summary: "New recovery codes in place of those before, shown once",
      answer: RecoveryCodes,
      status: "201",
      refusals: [401, 403],
    }),
  },
  "/api/v1/me/security/password": {
    put: own({
      id: "changePassword",
      summary: "Change one's password; one's other sessions end",
      body: ChangePasswordInput,
      refusals: [400, 401, 403, 404, 429],
    }),
  },
  "/api/v1/users/local": {
    post: describeOperation({
      id: "addLocalPerson",
      summary: "Add a local person; the one-time code to set up is shown once",
      tag: LOCAL_PEOPLE,
      body: AddLocalPersonInput,
      status: "201",
      answers: json(SetUpOffer),
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/users/local/{id}": {
    delete: describeOperation({
      id: "removeLocalPerson",
      summary: "Remove a local person, with sessions, tokens and grants",
      tag: LOCAL_PEOPLE,
      path: IdParameter,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/users/local/{id}/set-up": {
    post: describeOperation({
      id: "offerNewSetUp",
      summary: "A one-time code for a local person to set up anew, shown once",
      tag: LOCAL_PEOPLE,
      path: IdParameter,
      status: "201",
      answers: json(SetUpOffer),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/users/{id}/second-factor": {
    delete: describeOperation({
      id: "removeSecondFactors",
      summary: "Take a person's second factors away, where one is lost",
      tag: LOCAL_PEOPLE,
      path: IdParameter,
      answers: json(RemovedFactors),
      refusals: [401, 403, 404],
    }),
  },
};
