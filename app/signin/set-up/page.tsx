import type { Metadata } from "next";
import { config } from "../../../lib/config.ts";
import { BrandMark } from "../../components/shell/brand-mark.tsx";
import { SetUp } from "./set-up.tsx";

export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

/** Where a one-time code becomes a local person's password and second factor. */
export default function SetUpPage() {
  return (
    <div className="grid min-h-dvh grid-rows-[56px_1fr]">
      <header className="flex items-center gap-2 px-6 text-nav font-semibold tracking-[-0.01em]">
        <BrandMark />
        Kubewitness
      </header>
      <main className="mx-auto w-[380px] max-w-[calc(100vw-32px)] pt-[6vh] pb-10">
        <h1 className="text-page font-semibold tracking-[-0.015em]">Set up your sign-in</h1>
        <SetUp publicUrl={config().publicUrl} />
      </main>
    </div>
  );
}
