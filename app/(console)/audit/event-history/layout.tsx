import type { Metadata } from "next";
import { type ReactNode, Suspense } from "react";
import { EventHistory } from "./event-history.tsx";

export const metadata: Metadata = { title: "Event History" };

/** The list stays while the address walks from event to event; the pages below only say which one is open. */
export default function EventHistoryLayout({ children }: { children: ReactNode }) {
  return (
    <Suspense>
      <EventHistory />
      {children}
    </Suspense>
  );
}
