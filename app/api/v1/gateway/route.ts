import { describeGateway } from "../../../../lib/clusters/kubeconfig/gateway.ts";
import { handle } from "../../handle.ts";

/** What a kubeconfig without tokens is made of: the command line writes one. */
export const GET = handle({ permission: null }, async ({ ctx }) =>
  Response.json(await describeGateway({ ctx })),
);
