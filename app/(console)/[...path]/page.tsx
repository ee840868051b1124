import type { Metadata } from "next";
import { notFound } from "next/navigation";

export const metadata: Metadata = { title: "Not found" };

/** An address that no page has: said within the console, with its navigation. */
export default function UnknownPage(): never {
  notFound();
}
