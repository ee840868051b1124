import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Grants } from "./grants.tsx";

export const metadata: Metadata = { title: "Grants" };

export default function Page() {
  return (
    <PermittedPage permission="access:read" title="Grants">
      <Grants />
    </PermittedPage>
  );
}
