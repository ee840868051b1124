import type { Metadata } from "next";
import { Suspense } from "react";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { Simulator } from "./simulator.tsx";

export const metadata: Metadata = { title: "Simulator" };

export default async function Page() {
  await requireViewer();
  return (
    <Suspense>
      <Simulator />
    </Suspense>
  );
}
