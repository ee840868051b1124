import { Megaphone } from "lucide-react";
import type { ReactNode } from "react";

/** What administrators tell everybody, above the page. */
export function Banner({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <section aria-label="Announcement" className="banner">
      <Megaphone aria-hidden />
      <p>{text}</p>
      {children}
    </section>
  );
}
