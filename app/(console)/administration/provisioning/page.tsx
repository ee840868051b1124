import type { Metadata } from "next";
import { config } from "../../../../lib/config.ts";
import { listProviders } from "../../../../lib/identity/providers/registry.ts";
import { PermittedPage } from "../../../components/shell/permitted-page.tsx";
import { Provisioning } from "./provisioning.tsx";

export const metadata: Metadata = { title: "Provisioning" };

export default function Page() {
  const providers = listProviders().filter(({ kind }) => kind !== "local");
  return (
    <PermittedPage permission="people:read" title="Provisioning">
      <Provisioning
        address={`${config().publicUrl}/scim/v2`}
        providers={providers.map(({ id, name }) => ({ id, name }))}
      />
    </PermittedPage>
  );
}
