"use client";

import { type ReactNode, useEffect, useState } from "react";
import { keyOf } from "../audit/shortcuts/key-of.ts";
import { LiveBanner, type ShownBanner } from "../banner/live-banner.tsx";
import { isComposing } from "../is-composing.ts";
import { BreakGlassBanner } from "../requests/break-glass-banner.tsx";
import { SecondFactorDialog } from "../second-factor/second-factor-dialog.tsx";
import { BottomNavigation } from "./bottom-navigation.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { Navigation } from "./navigation.tsx";
import { type Viewer, ViewerProvider } from "./viewer.tsx";

/** The frame around every page of the console. */
export function Shell({
  viewer,
  banner,
  children,
}: {
  viewer: Viewer;
  banner: ShownBanner;
  children: ReactNode;
}) {
  const [paletteOpen, setPaletteOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isComposing(event) || !(event.metaKey || event.ctrlKey)) return;
      if (keyOf(event).toLowerCase() !== "k") return;
      event.preventDefault();
      setPaletteOpen((open) => !open);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <ViewerProvider viewer={viewer}>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-2 bg-accent px-3 py-2 text-accent-fg focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="app-screen">
        <LiveBanner {...banner} />
        <BreakGlassBanner />
        <div className="app-frame">
          <Navigation onJump={() => setPaletteOpen(true)} />
          <div className="app-content" id="content">
            {children}
          </div>
          <BottomNavigation onMore={() => setPaletteOpen(true)} />
        </div>
      </div>
      <CommandPalette open={paletteOpen} onOpenChange={setPaletteOpen} />
      <SecondFactorDialog />
    </ViewerProvider>
  );
}
