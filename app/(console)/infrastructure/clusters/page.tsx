import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Clusters } from "./clusters.tsx";

export const metadata: Metadata = { title: "Clusters" };

export default function Page() {
  return (
    <PermittedPage permission="clusters:read" title="Clusters">
      <Clusters />
    </PermittedPage>
  );
}
