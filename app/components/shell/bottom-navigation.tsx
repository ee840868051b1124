"use client";

import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { isCurrent, navigationFor } from "./navigation-items.ts";
import { useViewer } from "./viewer.tsx";

/** The phone's navigation: the first pages, and a button for the rest. */
export function BottomNavigation({ onMore }: { onMore: () => void }) {
  const path = usePathname();
  const items = navigationFor(useViewer().permissions).flatMap((group) => group.items);
  const shown = items.slice(0, items.length > 4 ? 3 : 4);
  return (
    <nav className="bottom-nav" aria-label="Main">
      {shown.map((item) => (
        <Link key={item.href} href={item.href} aria-current={isCurrent(item, path) ? "page" : undefined}>
          <item.icon aria-hidden />
          {item.shortLabel ?? item.label}
        </Link>
      ))}
      {items.length > shown.length ? (
        <button type="button" onClick={onMore}>
          <Ellipsis aria-hidden />
          More
        </button>
      ) : null}
    </nav>
  );
}
