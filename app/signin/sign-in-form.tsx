"use client";

import { useMutation } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { z } from "zod";
import { Button } from "../components/button.tsx";
import { requestJson } from "../components/request-json.ts";
import { readCsrfToken } from "../components/shell/sign-out.ts";
import { signInAt } from "./console-address.ts";
import { LocalSignIn } from "./local/local-sign-in.tsx";

const noChange = () => () => {};
const Redirect = z.object({ url: z.string() });

export interface SignInFormProps {
  providers: readonly { id: string; name: string }[];
  /** How people of this installation's own sign in; null where there are none. */
  local: { passkeys: boolean } | null;
  /** The id of a provider that did not answer when it was tried last; null: each may. */
  unreachable: string | null;
  target: string;
  publicUrl: string;
}

/** One button for each identity provider. One that does not answer says so, and is no other's trouble. */
export function SignInForm({ providers, local, unreachable, target, publicUrl }: SignInFormProps) {
  const place = useSyncExternalStore(
    noChange,
    () => signInAt({ origin: window.location.origin, publicUrl }),
    () => "here",
  );
  useEffect(() => {
    const { pathname, search } = window.location;
    if (place === "move") window.location.replace(publicUrl + pathname + search);
  }, [place, publicUrl]);
  const signIn = useMutation({ mutationFn: (provider: string) => startSignIn(provider, target) });

  if (place === "elsewhere") {
    return (
      <p role="alert">
        This console’s address is{" "}
        <a className="underline" href={new URL(target, publicUrl).href}>
          {publicUrl}
        </a>
        . Sign in there: the identity provider leads back to no other.
      </p>
    );
  }
  if (signIn.isError) {
    return (
      <div role="alert" className="grid gap-2">
        <p className="text-fail">The sign-in could not be started: the gateway did not answer.</p>
        <Button size="large" onClick={() => window.location.reload()}>
          Try again
        </Button>
      </div>
    );
  }
  if (place === "move") return <div className="h-10 rounded-[6px] bg-bg-inset" aria-hidden />;
  return (
    <div className="grid gap-2">
      {providers.map(({ id, name }) => (
        <div key={id} className="grid gap-1">
          <Button
            look="primary"
            size="large"
            disabled={signIn.isPending || signIn.isSuccess}
            aria-describedby={id === unreachable ? `unreachable-${id}` : undefined}
            onClick={() => signIn.mutate(id)}
          >
            Continue with {name}
          </Button>
          {id === unreachable ? (
            <p id={`unreachable-${id}`} role="alert" className="text-fail">
              {name} could not be reached. Try again in a moment.
            </p>
          ) : null}
        </div>
      ))}
      {providers.length === 0 && local === null ? (
        <p className="text-nav text-fg-2">
          Nobody can sign in here yet. Whoever starts this installation finds an address with a one-time code
          in its log, or makes one with <code className="mono">npm start -- --create-administrator</code>.{" "}
          <a href="/signin/set-up" className="font-medium text-accent">
            Use a one-time code
          </a>
        </p>
      ) : null}
      {local ? <LocalSignIn target={target} isOnly={providers.length === 0} {...local} /> : null}
    </div>
  );
}

/** Asks for the provider's address and goes there: a form post would be stopped by `form-action` on its redirect. */
async function startSignIn(provider: string, target: string): Promise<void> {
  const csrfToken = await readCsrfToken();
  const { url } = await requestJson(`/api/auth/signin/${encodeURIComponent(provider)}`, Redirect, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrfToken, json: "true", callbackUrl: target }),
  });
  window.location.assign(url);
}
