"use client";

import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useDrawerFocus } from "../audit/detail/use-drawer-focus.ts";
import { IconButton } from "../icon-button.tsx";

/** What there is to say of one row of a list. Not modal: the list goes on living. */
export function ListDrawer({
  kind,
  title,
  subtitle,
  onClose,
  children,
  foot,
}: {
  /** What it is: `Cluster`. */
  kind: string;
  title: ReactNode;
  subtitle?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const drawer = useRef<HTMLElement>(null);
  useDrawerFocus(drawer);
  return (
    <aside ref={drawer} tabIndex={-1} className="drawer" aria-label={kind}>
      <div className="drawer-head">
        <span className="number">
          <b>{kind}</b>
        </span>
        <IconButton label="Close" keys="Esc" onClick={onClose}>
          <X aria-hidden className="size-4!" />
        </IconButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="drawer-body" tabIndex={0} aria-label="Details">
        <div className="drawer-title">
          <h2>{title}</h2>
          {subtitle ? <p>{subtitle}</p> : null}
        </div>
        {children}
      </section>
      {foot ? <div className="drawer-foot">{foot}</div> : null}
    </aside>
  );
}
