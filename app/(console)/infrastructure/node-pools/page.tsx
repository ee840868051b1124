import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { NodePools } from "./node-pools.tsx";

export const metadata: Metadata = { title: "Node pools" };

export default function Page() {
  return (
    <PermittedPage permission="projects:read" title="Node pools">
      <NodePools />
    </PermittedPage>
  );
}
