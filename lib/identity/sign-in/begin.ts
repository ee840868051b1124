import type { NextRequest } from "next/server.js";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { findProvider } from "../providers/registry.ts";
import { answerForm, leadsToNextAuth, readForm } from "./answers.ts";
import { newAttempt } from "./attempt.ts";
import { endOldAttempts, newAttemptId } from "./attempt-cookies.ts";
import { askNextAuth, formRequest } from "./next-auth.ts";
import { signInOptions } from "./options.ts";
import { keepReturnPath, pathHere } from "./return-path.ts";
import { beginSaml } from "./saml.ts";
import { signInPage, UNREACHABLE } from "./sign-in-page.ts";
import { unlessUnreachable } from "./unless-unreachable.ts";

/** Begins to sign in: answers with the address of the identity provider, and with the cookies of the attempt. */
export async function beginSignIn(request: NextRequest, providerId: string): Promise<Response> {
  const provider = findProvider(providerId);
  if (provider === null || provider.flow === "local") {
    throw new AppError("not_found", "There is no identity provider with that id.");
  }
  const form = await readForm(request);
  const { publicUrl } = config();
  const returnPath = pathHere(form.callbackUrl ?? "", publicUrl);
  if (provider.flow === "saml") return beginSaml({ request, provider }, form, returnPath);
  const attempt = newAttempt(request, { provider, id: newAttemptId() });
  const options = await unlessUnreachable(provider.id, () => signInOptions(attempt, "begin"));
  if (options === null) {
    return answerForm(form, {
      location: signInPage({ error: UNREACHABLE, provider: provider.id, returnPath }),
    });
  }
  await keepReturnPath(attempt.id, returnPath);
  const asked = formRequest(request, { csrfToken: form.csrfToken ?? "" });
  const { location, cookies } = await askNextAuth(asked, ["signin", provider.id], options);
  if (location === null || leadsToNextAuth(location)) {
    return answerForm(form, { location: signInPage({ error: "Callback", returnPath }), cookies });
  }
  const secure = publicUrl.startsWith("https://");
  const names = request.cookies.getAll().map(({ name }) => name);
  return answerForm(form, { location, cookies: [...cookies, ...endOldAttempts(names, { secure })] });
}
