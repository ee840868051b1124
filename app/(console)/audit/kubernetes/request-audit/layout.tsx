import type { Metadata } from "next";
import { type ReactNode, Suspense } from "react";
import { RequestAudit } from "./request-audit.tsx";

export const metadata: Metadata = { title: "Request Audit" };

/** The list stays while the address walks from call to call; the pages below only say which call is open. */
export default function RequestAuditLayout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <RequestAudit />
      {children}
    </Suspense>
  );
}
