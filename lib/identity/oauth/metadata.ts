import { SCOPES } from "../../access/key-scopes/schema.ts";
import { config } from "../../config.ts";
import type { AuthorizationServer } from "./schema.ts";

const CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post"];

/** What a client needs to know to get tokens here (RFC 8414, section 2). */
export function describeAuthorizationServer(): AuthorizationServer {
  const { publicUrl } = config();
  return {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/api/v1/token`,
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint: `${publicUrl}/api/v1/token/revoke`,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    introspection_endpoint: `${publicUrl}/api/v1/token/introspect`,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    grant_types_supported: ["client_credentials"],
    // There is no authorization endpoint.
    response_types_supported: [],
    scopes_supported: SCOPES.map(({ scope }) => scope),
  };
}
