import type { ReactNode } from "react";
import { BrandMark } from "./brand-mark.tsx";

/** A page where it is not known who looks, so without the console's navigation: the product, which leads to the start, and what there is to say. */
export function PlainFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid min-h-dvh grid-rows-[56px_1fr]">
      <header className="flex items-center px-6">
        <nav aria-label="Main">
          {/* Not a Link: what stands in its way may be gone with a whole new page. */}
          <a href="/" className="flex items-center gap-2 text-nav font-semibold tracking-[-0.01em]">
            <BrandMark />
            Kubewitness
          </a>
        </nav>
      </header>
      <main className="m-auto w-[400px] max-w-[calc(100vw-32px)] pb-[12vh]">
        <title>{`${title} · Kubewitness`}</title>
        <h1 className="px-5 text-page font-semibold tracking-[-0.015em]">{title}</h1>
        {children}
      </main>
    </div>
  );
}
