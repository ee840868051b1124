"use client";

import { Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Fragment } from "react";
import { KeyHint } from "../key-hint.tsx";
import { Tooltip } from "../tooltip.tsx";
import { BrandMark } from "./brand-mark.tsx";
import { useModifierKey } from "./modifier-key.ts";
import { isCurrent, type NavigationGroup, navigationFor } from "./navigation-items.ts";
import { RecordStatus } from "./record-status.tsx";
import { useViewer } from "./viewer.tsx";

/** The navigation at the left: wide on desktops, a rail of icons on laptops and tablets. */
export function Navigation({ onJump }: { onJump: () => void }) {
  const modifier = useModifierKey();
  const groups = navigationFor(useViewer().permissions);
  return (
    <aside className="nav">
      <Link href="/" className="nav-brand">
        <BrandMark />
        <span>Kubewitness</span>
      </Link>
      <button type="button" className="nav-jump" onClick={onJump} aria-keyshortcuts="Meta+K Control+K">
        <Search aria-hidden />
        <span>Jump to</span>
        <KeyHint className="ml-auto border-0 bg-transparent px-0 text-fg-3">{modifier} K</KeyHint>
      </button>
      <nav className="nav-groups" aria-label="Main">
        {groups.map((group) => (
          <Fragment key={group.label}>
            <h2 id={`nav-${group.label}`}>{group.label}</h2>
            <GroupLinks group={group} />
          </Fragment>
        ))}
      </nav>
      <RecordStatus />
    </aside>
  );
}

function GroupLinks({ group }: { group: NavigationGroup }) {
  const path = usePathname();
  const { permissions } = useViewer();
  return (
    <ul aria-labelledby={`nav-${group.label}`}>
      {group.items.map((item) => (
        <li key={item.href}>
          <RailTooltip label={item.label}>
            <Link href={item.href} aria-current={isCurrent(item, path) ? "page" : undefined}>
              <item.icon aria-hidden />
              <span>{item.label}</span>
              {item.count && permissions.includes(item.count.permission) ? <item.count.of /> : null}
            </Link>
          </RailTooltip>
        </li>
      ))}
    </ul>
  );
}

/** The name of an icon, where the rail shows nothing else. */
function RailTooltip({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Tooltip label={label} side="right" className="desktop:hidden">
      {children}
    </Tooltip>
  );
}
