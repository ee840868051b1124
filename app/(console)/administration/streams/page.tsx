import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Streams } from "./streams.tsx";

export const metadata: Metadata = { title: "Streams" };

export default function Page() {
  return (
    <PermittedPage permission="streams:read" title="Streams">
      <Streams />
    </PermittedPage>
  );
}
