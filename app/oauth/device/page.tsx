import type { Metadata } from "next";
import { AppError } from "../../../lib/errors.ts";
import { loginLimits } from "../../../lib/identity/login-life/login-limits.ts";
import { requireViewer, unlessUnavailable } from "../../components/shell/require-viewer.ts";
import { UnavailablePage } from "../../components/shell/unavailable-page.tsx";
import { OAuthPage } from "../oauth-page.tsx";
import { SignInDevice } from "./sign-in-device.tsx";

export const metadata: Metadata = { title: "Sign in a device", referrer: "no-referrer" };

type Search = Promise<Record<string, string | string[] | undefined>>;

/** Where a person types the code that a device without a browser shows (RFC 8628, section 3.3). */
export default async function DevicePage({ searchParams }: { searchParams: Search }) {
  const viewer = await requireViewer().catch(unlessUnavailable);
  if (viewer instanceof AppError) return <UnavailablePage message={viewer.message} />;
  const { user_code: code } = await searchParams;
  return (
    <OAuthPage title="Sign in a device" viewer={viewer}>
      <SignInDevice
        code={typeof code === "string" ? code.slice(0, 32) : ""}
        person={viewer.email}
        limits={loginLimits()}
      />
    </OAuthPage>
  );
}
