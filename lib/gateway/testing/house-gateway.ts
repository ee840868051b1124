import type { AddressInfo } from "node:net";
import type { TestInstallation } from "../../../test/installation.ts";
import { startGrantUses } from "../../access/grants/use/keep-uses.ts";
import { updateBuiltInRoles } from "../../access/roles/mutations.ts";
import { startDecisionTable } from "../../access/table/refresh.ts";
import { startAuditPipeline } from "../../audit/pipeline/pipeline.ts";
import { followNamespaces } from "../../clusters/namespaces/follow-namespaces.ts";
import { followNodes } from "../../clusters/nodes/follow-nodes.ts";
import { startClusterRegistry } from "../../clusters/registry.ts";
import { systemContext } from "../../context.ts";
import { openStore } from "../../recordings/store/recording-store.ts";
import { attachFront } from "../attach.ts";
import { createGateway } from "../create-gateway.ts";
import { FrontServer } from "../front/front-server.ts";
import { GATEWAY_SERVER_OPTIONS } from "../server-options.ts";
import { testCertificates } from "./certificates.ts";

/** The gateway on the house's own services, in the test's process: identity, access, clusters and the audit pipeline of an installation. */
export interface HouseGateway {
  /** Of its TLS server, whose certificate is of `testCertificates`. */
  readonly port: number;
  close(): Promise<void>;
}

export async function startHouseGateway({
  config,
  pool,
  url,
}: Pick<TestInstallation, "config" | "pool" | "url">): Promise<HouseGateway> {
  const pipeline = await startAuditPipeline({ config, pool });
  await updateBuiltInRoles({ ctx: systemContext("test") });
  const [decisions, clusters] = await Promise.all([startDecisionTable(), startClusterRegistry()]);
  const labels = [followNodes(), followNamespaces()];
  const uses = startGrantUses();
  const recordings = openStore({ ...config, database: { ...config.database, url } });
  const gateway = createGateway({ config, recorder: pipeline.recorder, recordings });
  const { certificate: cert, key } = await testCertificates();
  const server = new FrontServer({ ...GATEWAY_SERVER_OPTIONS, cert, key });
  attachFront(server, gateway);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      await gateway.drain(0);
      server.closeAllConnections();
      server.close();
      await Promise.all([pipeline.drain(), recordings.stop()]);
      for (const each of labels) each.stop();
      await Promise.all([decisions.stop(), clusters.stop(), uses.stop()]);
    },
  };
}
