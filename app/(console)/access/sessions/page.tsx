import type { Metadata } from "next";
import { Suspense } from "react";
import { config } from "../../../../lib/config.ts";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { MySessionsAndTokens } from "./my-sessions-and-tokens.tsx";

export const metadata: Metadata = { title: "My sessions and tokens" };

export default async function Page() {
  await requireViewer();
  const { tokens, sessions } = config();
  return (
    <Suspense>
      <MySessionsAndTokens
        longestTokenMs={tokens.lifetimeMs}
        idleMs={sessions.idleMs}
        lifetimeMs={sessions.lifetimeMs}
      />
    </Suspense>
  );
}
