import type { ReactNode } from "react";
import { AppError } from "../../lib/errors.ts";
import { requireViewer, unlessUnavailable } from "../components/shell/require-viewer.ts";
import { Shell } from "../components/shell/shell.tsx";
import { UnavailablePage } from "../components/shell/unavailable-page.tsx";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer().catch(unlessUnavailable);
  if (viewer instanceof AppError) return <UnavailablePage message={viewer.message} />;
  return <Shell viewer={viewer}>{children}</Shell>;
}
