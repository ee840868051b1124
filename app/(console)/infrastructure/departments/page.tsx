import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Departments } from "./departments.tsx";

export const metadata: Metadata = { title: "Departments" };

export default function Page() {
  return (
    <PermittedPage permission="projects:read" title="Departments">
      <Departments />
    </PermittedPage>
  );
}
