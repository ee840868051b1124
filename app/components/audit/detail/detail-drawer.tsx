"use client";

import { ChevronDown, ChevronUp, Link2, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "../../icon-button.tsx";
import { isComposing } from "../../is-composing.ts";
import { showDone } from "../../toaster.tsx";
import { formatNumber } from "../format-count.ts";
import { absoluteHref } from "../range/absolute-href.ts";
import type { ResolvedRange } from "../range/time-range.ts";
import { useDrawerFocus } from "./use-drawer-focus.ts";

/** The frame of a detail: number, walking on, link, close; body and foot are the surface's. Not modal: the list goes on living. */
export function DetailDrawer({
  noun,
  no,
  range,
  onNewer,
  onOlder,
  onClose,
  children,
  foot,
}: {
  noun: string;
  no: number;
  /** What the page shows, by the clock: a link to it shows the same on any day. */
  range: ResolvedRange;
  onNewer: () => void;
  onOlder: () => void;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const name = noun.charAt(0).toUpperCase() + noun.slice(1);
  const body = useRef<HTMLElement>(null);
  const drawer = useRef<HTMLElement>(null);
  useDrawerFocus(drawer);
  useEffect(() => {
    void no;
    body.current?.scrollTo(0, 0);
  }, [no]);

  async function copyLink() {
    await navigator.clipboard.writeText(absoluteHref(window.location.href, range));
    showDone("Link copied", "It opens this entry with the same filter and, by the clock, the same range.");
  }

  return (
    <aside
      ref={drawer}
      tabIndex={-1}
      className="drawer"
      aria-label={`${name} ${formatNumber(no)}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || isComposing(event.nativeEvent)) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className="drawer-head">
        <span className="number">
          {name} <b>{formatNumber(no)}</b>
        </span>
        <IconButton label={`Newer ${noun}`} keys="k" onClick={onNewer}>
          <ChevronUp aria-hidden className="size-4!" />
        </IconButton>
        <IconButton label={`Older ${noun}`} keys="j" onClick={onOlder}>
          <ChevronDown aria-hidden className="size-4!" />
        </IconButton>
        <span className="bar-rule" aria-hidden />
        <IconButton label="Copy link" onClick={() => void copyLink()}>
          <Link2 aria-hidden className="size-4!" />
        </IconButton>
        <IconButton label="Close" keys="Esc" onClick={onClose}>
          <X aria-hidden className="size-4!" />
        </IconButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className="drawer-body" ref={body} tabIndex={0} aria-label="Details">
        {children}
      </section>
      {foot ? <div className="drawer-foot">{foot}</div> : null}
    </aside>
  );
}
