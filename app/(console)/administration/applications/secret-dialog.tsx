"use client";

import { ShownOnceDialog } from "../../../components/form/shown-once.tsx";

/** An application's id and secret, and how to get a token with them. */
export function SecretDialog({
  application,
  onClose,
}: {
  application: { id: string; name: string; secret: string } | null;
  onClose: () => void;
}) {
  const { id = "", name = "", secret = "" } = application ?? {};
  return (
    <ShownOnceDialog
      open={application !== null}
      onClose={onClose}
      title={`Secret of ${name}`}
      values={[
        { label: "Client ID", text: id },
        { label: "Client secret", text: secret },
        { label: "Get a token", text: tokenRequest(id, secret) },
      ]}
    />
  );
}

function tokenRequest(clientId: string, clientSecret: string): string {
  const origin = typeof window === "undefined" ? "" : window.location.origin;
  const body = JSON.stringify({ grantType: "client_credentials", clientId, clientSecret });
  return `curl -s ${origin}/api/v1/token -H 'Content-Type: application/json' -d '${body}'`;
}
