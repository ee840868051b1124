import type { Metadata } from "next";
import { PermittedPage } from "../../../../components/shell/permitted-page.tsx";
import { Channels } from "./channels.tsx";

export const metadata: Metadata = { title: "Alert channels" };

export default function Page() {
  return (
    <PermittedPage permission="alerts:read" title="Alert channels">
      <Channels />
    </PermittedPage>
  );
}
