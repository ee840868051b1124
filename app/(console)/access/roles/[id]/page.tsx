import type { Metadata } from "next";
import { PermittedPage } from "../../../../components/shell/permitted-page.tsx";
import { ExistingRole } from "../editor/existing-role.tsx";

export const metadata: Metadata = { title: "Role" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <PermittedPage permission="access:read" title="Role">
      <ExistingRole id={id} />
    </PermittedPage>
  );
}
