import { z } from "zod";

/** What lib/identity/application-tokens/token-request.ts reads: RFC 6749, sections 2.3.1 and 4.4.2. */
export const TokenForm = z
  .object({
    grant_type: z.literal("client_credentials"),
    client_id: z.string().optional().meta({ description: "Left out where it comes by HTTP Basic." }),
    client_secret: z.string().optional().meta({ description: "Left out where it comes by HTTP Basic." }),
  })
  .meta({ id: "TokenForm" });
