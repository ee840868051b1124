"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Permission } from "../../../lib/access/permission.ts";
import type { ConsoleRole } from "../../../lib/context.ts";

/** Who is signed in, as the browser may know it. */
export interface Viewer {
  id: string;
  name: string;
  email: string;
  consoleRole: ConsoleRole;
  /** To show or hide a control; the server checks for itself. */
  permissions: readonly Permission[];
}

const ViewerContext = createContext<Viewer | null>(null);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error("useViewer needs a ViewerProvider above it");
  return viewer;
}

/** `Sofia Rossi` → `SR` */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/).filter((word) => word !== "");
  const letters =
    words.length > 1 ? [words[0], words.at(-1)].map((word) => word?.[0]) : [words[0]?.slice(0, 2)];
  return letters.join("").toUpperCase();
}
