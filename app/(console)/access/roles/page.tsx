import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Roles } from "./roles.tsx";

export const metadata: Metadata = { title: "Roles" };

export default function Page() {
  return (
    <PermittedPage permission="access:read" title="Roles">
      <Roles />
    </PermittedPage>
  );
}
