import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { config } from "../../lib/config.ts";
import { AppError } from "../../lib/errors.ts";
import { HIDDEN_BANNER_COOKIE } from "../components/banner/hidden-banner.ts";
import { requireViewer, unlessUnavailable } from "../components/shell/require-viewer.ts";
import { Shell } from "../components/shell/shell.tsx";
import { UnavailablePage } from "../components/shell/unavailable-page.tsx";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer().catch(unlessUnavailable);
  if (viewer instanceof AppError) return <UnavailablePage message={viewer.message} />;
  const text = config().console.banner;
  const hidden = (await cookies()).get(HIDDEN_BANNER_COOKIE)?.value ?? null;
  return (
    <Shell viewer={viewer} banner={{ text, hidden }}>
      {children}
    </Shell>
  );
}
