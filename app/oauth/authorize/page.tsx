import type { Metadata } from "next";
import { AppError } from "../../../lib/errors.ts";
import { loginLimits } from "../../../lib/identity/login-life/login-limits.ts";
import { AuthorizationRequest } from "../../../lib/identity/oauth/authorize/schema.ts";
import { scopesAskedFor } from "../../../lib/identity/oauth/client/requested.ts";
import { contextFromPage } from "../../../lib/identity/request-context.ts";
import { MessagePanel } from "../../components/message-panel.tsx";
import { requireViewer, unlessUnavailable } from "../../components/shell/require-viewer.ts";
import { UnavailablePage } from "../../components/shell/unavailable-page.tsx";
import { OAuthPage } from "../oauth-page.tsx";
import { ApproveLogin } from "./approve-login.tsx";

export const metadata: Metadata = { title: "Sign in the command line", referrer: "no-referrer" };

type Search = Promise<Record<string, string | string[] | undefined>>;

/**
 * The authorization endpoint (RFC 6749, section 3.1). A request that is wrong is told here and leads nowhere: who sent the browser is not known.
 */
export default async function AuthorizePage({ searchParams }: { searchParams: Search }) {
  const viewer = await requireViewer().catch(unlessUnavailable);
  if (viewer instanceof AppError) return <UnavailablePage message={viewer.message} />;
  const request = AuthorizationRequest.safeParse(await searchParams, { reportInput: true });
  const scopes = request.success ? scopesAskedFor(request.data.scope) : "wrong";
  if (!request.success || scopes === "wrong") {
    const wrong = request.success
      ? "scope: takes scopes that there are"
      : request.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    return (
      <OAuthPage title="This is no sign-in of the command line" viewer={viewer}>
        <MessagePanel role="alert" title="Nothing was signed in">
          <p>{wrong}.</p>
          <p className="mt-2">
            Begin anew with <code>kubewitness login</code>. If you did not begin one, close this page.
          </p>
        </MessagePanel>
      </OAuthPage>
    );
  }
  const { sourceIp } = await contextFromPage();
  return (
    <OAuthPage title="Sign in the command line?" viewer={viewer}>
      <ApproveLogin
        request={request.data}
        scopes={scopes}
        person={viewer.email}
        sourceIp={sourceIp}
        limits={loginLimits()}
      />
    </OAuthPage>
  );
}
