import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Applications } from "./applications.tsx";

export const metadata: Metadata = { title: "Applications" };

export default function Page() {
  return (
    <PermittedPage permission="applications:read" title="Applications">
      <Applications />
    </PermittedPage>
  );
}
