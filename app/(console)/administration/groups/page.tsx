import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Groups } from "./groups.tsx";

export const metadata: Metadata = { title: "Groups" };

export default function Page() {
  return (
    <PermittedPage permission="people:read" title="Groups">
      <Groups />
    </PermittedPage>
  );
}
