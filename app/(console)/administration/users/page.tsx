import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Users } from "./users.tsx";

export const metadata: Metadata = { title: "Users" };

export default function Page() {
  return (
    <PermittedPage permission="people:read" title="Users">
      <Users />
    </PermittedPage>
  );
}
