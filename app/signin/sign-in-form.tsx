"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { Button } from "../components/button.tsx";
import { requestJson } from "../components/request-json.ts";
import { readCsrfToken } from "../components/shell/sign-out.ts";

const Providers = z.record(z.string(), z.object({ id: z.string(), name: z.string() }));
const Redirect = z.object({ url: z.string() });

/** One button for each identity provider. */
export function SignInForm({ target }: { target: string }) {
  const providers = useQuery({
    queryKey: ["sign-in-providers"],
    queryFn: ({ signal }) => requestJson("/api/auth/providers", Providers, { signal }),
  });
  const signIn = useMutation({ mutationFn: (provider: string) => startSignIn(provider, target) });

  if (providers.isError || signIn.isError) {
    return (
      <div role="alert" className="grid gap-2">
        <p className="text-fail">The sign-in could not be started: the gateway did not answer.</p>
        <Button size="large" onClick={() => window.location.reload()}>
          Try again
        </Button>
      </div>
    );
  }
  if (!providers.data) return <div className="h-10 rounded-[6px] bg-bg-inset" aria-hidden />;
  return (
    <div className="grid gap-2">
      {Object.values(providers.data).map(({ id, name }) => (
        <Button
          key={id}
          look="primary"
          size="large"
          disabled={signIn.isPending || signIn.isSuccess}
          onClick={() => signIn.mutate(id)}
        >
          Continue with {name}
        </Button>
      ))}
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
