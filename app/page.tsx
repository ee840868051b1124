import { redirect } from "next/navigation";
import { AppError } from "../lib/errors.ts";
import { landingPage } from "./components/shell/navigation-items.ts";
import { requireViewer, unlessUnavailable } from "./components/shell/require-viewer.ts";
import { UnavailablePage } from "./components/shell/unavailable-page.tsx";

export default async function RootPage() {
  const viewer = await requireViewer().catch(unlessUnavailable);
  if (viewer instanceof AppError) return <UnavailablePage message={viewer.message} />;
  redirect(landingPage(viewer.permissions));
}
