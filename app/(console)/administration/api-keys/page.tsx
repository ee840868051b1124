import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { ApiKeys } from "./api-keys.tsx";

export const metadata: Metadata = { title: "API keys" };

export default function Page() {
  return (
    <PermittedPage permission="people:read" title="API keys">
      <ApiKeys />
    </PermittedPage>
  );
}
