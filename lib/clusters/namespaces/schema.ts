import { z } from "zod";

/** Whose eyes see the namespaces: a role's Kubernetes groups. */
export const ListNamespacesQuery = z.strictObject({
  role: z.string("takes a role's name").min(1, "takes a role's name").max(254, "takes a role's name"),
});
export type ListNamespacesQuery = z.infer<typeof ListNamespacesQuery>;

/** The namespaces of a cluster, or why they could not be read. */
export const ClusterNamespaces = z
  .object({
    namespaces: z
      .array(z.string())
      .nullable()
      .meta({ description: "By name; null where the cluster did not tell." }),
    complete: z.boolean().meta({ description: "false: the cluster has more, or did not tell." }),
    problem: z.string().nullable().meta({ description: "Why they are not known." }),
  })
  .meta({ id: "ClusterNamespaces" });
export type ClusterNamespaces = z.infer<typeof ClusterNamespaces>;
