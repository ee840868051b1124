import type { ReactNode } from "react";
import { requireViewer } from "../components/shell/require-viewer.ts";
import { Shell } from "../components/shell/shell.tsx";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  return <Shell viewer={await requireViewer()}>{children}</Shell>;
}
