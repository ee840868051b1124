import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Overview } from "./overview.tsx";

export const metadata: Metadata = { title: "Overview" };

export default function Page() {
  return (
    <PermittedPage permission="audit:read" title="Overview">
      <Overview />
    </PermittedPage>
  );
}
