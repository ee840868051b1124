import type { ReactNode } from "react";
import { BrandMark } from "../components/shell/brand-mark.tsx";
import type { Viewer } from "../components/shell/viewer.tsx";

/** A page beside the console, on which somebody who is signed in lets a program in. Without navigation: there is one thing to decide. */
export function OAuthPage({
  title,
  viewer,
  children,
}: {
  title: string;
  viewer: Pick<Viewer, "name" | "email">;
  children: ReactNode;
}) {
  return (
    <div className="grid min-h-dvh grid-rows-[56px_1fr]">
      <header className="flex items-center gap-2 px-6 text-nav font-semibold tracking-[-0.01em]">
        <BrandMark />
        Kubewitness
        <span className="cut ml-auto font-normal text-fg-2">{viewer.email}</span>
      </header>
      <main className="mx-auto grid w-[440px] max-w-[calc(100vw-32px)] content-start gap-4 pt-[6vh] pb-10">
        <h1 className="text-page font-semibold tracking-[-0.015em]">{title}</h1>
        {children}
      </main>
    </div>
  );
}
