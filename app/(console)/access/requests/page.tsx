import type { Metadata } from "next";
import { Suspense } from "react";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { Requests } from "./requests.tsx";

export const metadata: Metadata = { title: "Requests" };

export default async function Page() {
  await requireViewer();
  return (
    <Suspense>
      <Requests />
    </Suspense>
  );
}
