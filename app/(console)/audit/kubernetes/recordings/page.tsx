import type { Metadata } from "next";
import { Suspense } from "react";
import { Recordings } from "./recordings.tsx";

export const metadata: Metadata = { title: "Pod Session Recordings" };

export default function RecordingsPage() {
  return (
    <Suspense>
      <Recordings />
    </Suspense>
  );
}
