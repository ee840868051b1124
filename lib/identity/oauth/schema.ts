import { z } from "zod";

/** RFC 7662, section 2.2. */
export const Introspection = z.object({
  active: z.boolean(),
  scope: z
    .string()
    .optional()
    .meta({ description: "Absent where it may be used for all that its owner may." }),
  client_id: z.string().optional(),
  username: z.string().optional(),
  token_type: z.literal("Bearer").optional(),
  exp: z.int().optional(),
  iat: z.int().optional(),
  sub: z.string().optional(),
  iss: z.string().optional(),
  jti: z.string().optional().meta({ description: "The token's id, as the record has it." }),
});
export type Introspection = z.infer<typeof Introspection>;

/** RFC 8414, section 2. */
export const AuthorizationServer = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  device_authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  revocation_endpoint: z.string(),
  revocation_endpoint_auth_methods_supported: z.array(z.string()),
  introspection_endpoint: z.string(),
  introspection_endpoint_auth_methods_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
  authorization_response_iss_parameter_supported: z.boolean(),
  scopes_supported: z.array(z.string()),
});
export type AuthorizationServer = z.infer<typeof AuthorizationServer>;
