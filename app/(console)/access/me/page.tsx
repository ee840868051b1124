import type { Metadata } from "next";
import { Suspense } from "react";
import { config } from "../../../../lib/config.ts";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { MyAccess } from "./my-access.tsx";

export const metadata: Metadata = { title: "My access" };

export default async function Page() {
  await requireViewer();
  const { tokens, kubePublicUrl, webShell } = config();
  return (
    <Suspense>
      <MyAccess longestMs={tokens.lifetimeMs} server={kubePublicUrl} hasWebShell={webShell.enabled} />
    </Suspense>
  );
}
