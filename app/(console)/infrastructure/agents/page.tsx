import type { Metadata } from "next";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Agents } from "./agents.tsx";

export const metadata: Metadata = { title: "Agents" };

export default function Page() {
  return (
    <PermittedPage permission="agents:read" title="Agents">
      <Agents />
    </PermittedPage>
  );
}
