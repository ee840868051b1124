import type { ReactNode } from "react";
import { type Crumb, TopBar } from "./top-bar.tsx";

/** A page of the console: top bar and a scrolling body. */
export function Page({
  path,
  title,
  actions,
  children,
}: {
  path?: readonly Crumb[];
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="page">
      <TopBar path={path} title={title}>
        {actions}
      </TopBar>
      <div className="min-h-0 overflow-auto">{children}</div>
    </main>
  );
}
