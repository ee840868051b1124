import { requireIdentity } from "../../access/permission.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { loadInstallationCertificate } from "../../pki/installation-certificate.ts";
import type { GatewayAddress } from "./schema.ts";

/** Where kubectl reaches the gateway, and by which authority it knows it. @throws AppError `unauthenticated`. */
export async function describeGateway({ ctx }: { ctx: Context }): Promise<GatewayAddress> {
  requireIdentity(ctx);
  // The administrator's certificate is trusted by the machines themselves.
  const certificateAuthority = config().tls ? null : (await loadInstallationCertificate(config())).authority;
  return { server: config().kubePublicUrl, certificateAuthority };
}
