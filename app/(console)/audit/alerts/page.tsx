import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Alerts } from "./alerts.tsx";

export const metadata: Metadata = { title: "Alerts" };

export default function Page() {
  return (
    <PermittedPage permission="alerts:read" title="Alerts">
      <Alerts />
    </PermittedPage>
  );
}
