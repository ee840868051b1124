import { z } from "zod";

const pem = (what: string) =>
  z
    .string()
    .max(256 * 1024, `takes ${what} of at most 256 KB`)
    .regex(/^\s*-----BEGIN [A-Z0-9 ]+-----/, `takes ${what} in PEM`);

export const CertificatePem = pem("a certificate");
const PrivateKeyPem = pem("a private key");

/** A credential plugin, as a kubeconfig names one: client.authentication.k8s.io. */
export const ExecPlugin = z.strictObject({
  apiVersion: z.enum(
    ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"],
    "takes client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1",
  ),
  command: z.string().min(1, "takes a program's name or path"),
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ name: z.string().min(1), value: z.string() })).default([]),
  provideClusterInfo: z.boolean().default(false),
});
export type ExecPlugin = z.infer<typeof ExecPlugin>;

/** How the gateway proves itself to a cluster. */
export const ClusterCredential = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("token"),
    token: z.string().regex(/^[\x21-\x7e]{1,16384}$/, "takes a bearer token"),
  }),
  /** A file on the gateway's machine whose content changes (projected service account tokens). */
  z.strictObject({ kind: z.literal("tokenFile"), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal("clientCertificate"), certificate: CertificatePem, key: PrivateKeyPem }),
  z.strictObject({ kind: z.literal("exec"), plugin: ExecPlugin }),
]);
export type ClusterCredential = z.infer<typeof ClusterCredential>;
