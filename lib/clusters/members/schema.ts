import { z } from "zod";
import { Named } from "../../access/scopes/schema.ts";

/** What a project, a department or a node pool means today, cluster by cluster. */
export const ScopeMembers = z
  .object({
    clusters: z.array(
      z.object({
        cluster: Named,
        names: z.array(z.string()).meta({ description: "Namespaces, or nodes of a node pool, by name." }),
        open: z.array(z.string()).meta({
          description: "Patterns and labels of which it is not known now what they mean on this cluster.",
        }),
      }),
    ),
  })
  .meta({ id: "ScopeMembers" });
export type ScopeMembers = z.infer<typeof ScopeMembers>;
