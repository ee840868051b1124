import type { Metadata } from "next";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { MySecurity } from "./my-security.tsx";

export const metadata: Metadata = { title: "My security" };

export default async function Page() {
  await requireViewer();
  return <MySecurity />;
}
