import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Webhooks } from "./webhooks.tsx";

export const metadata: Metadata = { title: "Webhooks" };

export default function Page() {
  return (
    <PermittedPage permission="settings:read" title="Webhooks">
      <Webhooks />
    </PermittedPage>
  );
}
