import type { Metadata } from "next";
import { PermittedPage } from "../../../../components/shell/permitted-page.tsx";
import { NewRole } from "../editor/new-role.tsx";

export const metadata: Metadata = { title: "New role" };

export default function Page() {
  return (
    <PermittedPage permission="access:write" title="New role">
      <NewRole />
    </PermittedPage>
  );
}
