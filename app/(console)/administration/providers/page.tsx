import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Providers } from "./providers.tsx";

export const metadata: Metadata = { title: "Providers" };

export default function Page() {
  return (
    <PermittedPage permission="settings:read" title="Providers">
      <Providers />
    </PermittedPage>
  );
}
