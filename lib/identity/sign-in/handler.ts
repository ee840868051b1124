import type { NextRequest } from "next/server.js";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { toErrorAnswer } from "../../http/error-answer.ts";
import { log } from "../../log.ts";
import type { SamlProvider } from "../providers/provider/identity-provider.ts";
import { findProvider } from "../providers/registry.ts";
import { anonymousContext, readSessionCookie } from "../request-context.ts";
import { AUTH_PATH, answerForm, leadsToNextAuth, readForm, redirectTo } from "./answers.ts";
import { takeLogoutToken } from "./back-channel-logout.ts";
import { beginSignIn } from "./begin.ts";
import { finishSignIn } from "./finish.ts";
import { askNextAuth, formRequest } from "./next-auth.ts";
import { csrfOptions, signOutOptions } from "./options.ts";
import { pathHere } from "./return-path.ts";
import { takeSamlResponse } from "./saml.ts";
import { SIGN_IN_PAGE, signInPage } from "./sign-in-page.ts";
import { signOutAddressOf } from "./sign-out-address.ts";

type Step = (request: NextRequest, provider: string) => Promise<Response>;

/** What there is under /api/auth/, by method and action. */
const STEPS: Partial<Record<string, Step>> = {
  "GET csrf": csrfToken,
  "POST signin": beginSignIn,
  "GET callback": finishSignIn,
  "POST callback": takePostedAnswer,
  "GET metadata": ownMetadata,
  "POST backchannel-logout": takeLogoutToken,
  "GET signed-out": signedOut,
  "POST signout": signOut,
  // Pages of next-auth's, which are the console's own.
  "GET signin": signInPageOfItsOwn,
  "GET signout": signInPageOfItsOwn,
  "GET error": signInPageOfItsOwn,
};

/**
 * Answers everything under /api/auth/: next-auth's own paths. Signing in, failing to and signing out are events, with the client's
 * address, user agent and the provider.
 */
export async function handleSignInRequest(request: NextRequest): Promise<Response> {
  const [action = "", provider = ""] = pathSegments(request);
  try {
    const step = STEPS[`${request.method} ${action}`];
    if (!step) throw new AppError("not_found", "There is no such page.");
    return await step(request, provider);
  } catch (error) {
    const { status, headers, body } = toErrorAnswer(error);
    if (status >= 500) log.error({ err: error }, "the sign-in service failed");
    if (action !== "callback") return Response.json(body, { status, headers });
    // A person comes back from the identity provider by their browser: they are told on a page.
    return redirectTo({
      location: signInPage({ error: body.code === "unavailable" ? "Unavailable" : "Callback" }),
    });
  }
}

function pathSegments(request: Request): string[] {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(AUTH_PATH) ? pathname.slice(AUTH_PATH.length).split("/") : [];
}

async function csrfToken(request: NextRequest): Promise<Response> {
  const { response, cookies } = await askNextAuth(request, ["csrf"], csrfOptions());
  response.headers.delete("set-cookie");
  for (const line of cookies) response.headers.append("set-cookie", line);
  return response;
}

/** A SAML provider's answer. */
async function takePostedAnswer(request: NextRequest, providerId: string): Promise<Response> {
  return takeSamlResponse({ request, provider: requireSamlProvider(providerId) });
}

/** This installation's metadata for a SAML provider: no secret, since what is in it is what providers are told. */
async function ownMetadata(_request: NextRequest, providerId: string): Promise<Response> {
  const xml = requireSamlProvider(providerId).ownMetadata();
  return new Response(xml, { headers: { "content-type": "application/samlmetadata+xml" } });
}

function requireSamlProvider(id: string): SamlProvider {
  const provider = findProvider(id);
  if (provider?.flow === "saml") return provider;
  throw new AppError("not_found", "There is no SAML identity provider with that id.");
}

async function signInPageOfItsOwn(): Promise<Response> {
  return redirectTo({ location: new URL(SIGN_IN_PAGE, config().publicUrl).href });
}

/** @throws what kept the session from ending: nobody is told that they are signed out who is not. */
async function signOut(request: NextRequest): Promise<Response> {
  const form = await readForm(request);
  const elsewhere = await signOutAddressOf(readSessionCookie(request.headers));
  const failures: unknown[] = [];
  const options = signOutOptions(anonymousContext(request.headers), (error) => failures.push(error));
  const asked = formRequest(request, { csrfToken: form.csrfToken ?? "" });
  const { location, cookies } = await askNextAuth(asked, ["signout"], options);
  if (failures.length > 0) throw failures[0];
  if (location === null || leadsToNextAuth(location)) {
    return answerForm(form, { location: signInPage({ error: "Callback" }), cookies });
  }
  const { publicUrl } = config();
  const returnPath = pathHere(form.callbackUrl ?? "", publicUrl);
  const here = new URL(returnPath, publicUrl).href;
  return answerForm(form, { location: elsewhere ?? here, cookies });
}

/** Back from signing out at the provider. */
async function signedOut(): Promise<Response> {
  const target = new URL(SIGN_IN_PAGE, config().publicUrl);
  target.searchParams.set("reason", "signed-out");
  return redirectTo({ location: target.href });
}
