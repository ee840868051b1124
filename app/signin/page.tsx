import { ShieldCheck } from "lucide-react";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { config } from "../../lib/config.ts";
import { AppError } from "../../lib/errors.ts";
import { hasLocalPeople } from "../../lib/identity/local/data.ts";
import { listProviders } from "../../lib/identity/providers/registry.ts";
import { contextFromPage } from "../../lib/identity/request-context.ts";
import { whyNoPasskeys } from "../../lib/identity/second-factor/passkeys/relying-party.ts";
import { UNREACHABLE } from "../../lib/identity/sign-in/sign-in-page.ts";
import { log } from "../../lib/log.ts";
import { Banner } from "../components/banner/banner.tsx";
import { BrandMark } from "../components/shell/brand-mark.tsx";
import { unlessUnavailable } from "../components/shell/require-viewer.ts";
import { returnPath } from "./return-path.ts";
import { SignInForm } from "./sign-in-form.tsx";
import { SignInNote } from "./sign-in-note.tsx";

export const metadata: Metadata = { title: "Sign in" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const { callbackUrl, error, reason, provider } = await searchParams;
  const host = (await headers()).get("host") ?? "";
  const target = returnPath(typeof callbackUrl === "string" ? callbackUrl : undefined);
  if (reason === "expired" && (await isSignedIn())) redirect(target);
  const providers = listProviders()
    .filter(({ flow }) => flow !== "local")
    .map(({ id, name }) => ({ id, name }));
  const unreachable = error === UNREACHABLE ? providers.find(({ id }) => id === provider) : undefined;
  const { banner } = config().console;
  return (
    <div className="grid min-h-dvh grid-rows-[auto_56px_1fr_48px]">
      <div>{banner === null ? null : <Banner text={banner} />}</div>
      <header className="flex items-center gap-2 px-6 text-nav font-semibold tracking-[-0.01em]">
        <BrandMark />
        Kubewitness
      </header>
      <main className="m-auto w-[344px] max-w-[calc(100vw-32px)] pb-[7vh]">
        <h1 className="text-page font-semibold tracking-[-0.015em]">Sign in</h1>
        <p className="mt-1.5 mb-5 text-nav text-fg-2">
          Kubernetes access for <b className="font-medium text-fg">{host.replace(/:\d+$/, "")}</b>
        </p>
        <SignInNote
          error={typeof error === "string" && !unreachable ? error : undefined}
          reason={typeof reason === "string" ? reason : undefined}
          target={target}
        />
        <SignInForm
          providers={providers}
          unreachable={unreachable?.id ?? null}
          local={(await hasLocalPeopleNow()) ? { passkeys: whyNoPasskeys() === null } : null}
          target={target}
          publicUrl={config().publicUrl}
        />
        <p className="mt-5 grid grid-cols-[16px_1fr] gap-2 leading-[18px] text-fg-3 [&_svg]:mt-0.5 [&_svg]:size-3.5">
          <ShieldCheck aria-hidden />
          <span>Signing in, every call and every pod session are put on the record.</span>
        </p>
      </main>
      <footer className="flex items-center px-6 text-meta text-fg-3">{host}</footer>
    </div>
  );
}

/**
 * Whether the browser has a session after all: another tab signed in while this one was sent here with the one before. Where that cannot be
 * asked now, the page is shown: it says what is wrong.
 */
async function isSignedIn(): Promise<boolean> {
  const ctx = await contextFromPage().catch(unlessUnavailable);
  return !(ctx instanceof AppError) && ctx.actor.kind === "user";
}

/** Where that cannot be asked now, nobody could sign in by it either. */
async function hasLocalPeopleNow(): Promise<boolean> {
  return hasLocalPeople().catch((error) => {
    log.warn({ err: error }, "whether there are local people could not be asked");
    return false;
  });
}
