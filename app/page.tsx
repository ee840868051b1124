import { redirect } from "next/navigation";
import { landingPage } from "./components/shell/navigation-items.ts";
import { requireViewer } from "./components/shell/require-viewer.ts";

export default async function RootPage() {
  const { permissions } = await requireViewer();
  redirect(landingPage(permissions));
}
