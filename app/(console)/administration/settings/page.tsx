import type { Metadata } from "next";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { Settings } from "./settings.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  const { permissions } = await requireViewer();
  return <Settings withInstallation={permissions.includes("settings:read")} />;
}
