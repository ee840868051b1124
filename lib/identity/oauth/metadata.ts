import { SCOPES } from "../../access/key-scopes/schema.ts";
import { config } from "../../config.ts";
import { COMMAND_LINE_GRANTS } from "./grants/read-grant.ts";
import type { AuthorizationServer } from "./schema.ts";

const CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post"];
/** The command line's: it has no secret. */
const NONE = "none";

/** What a client needs to know to get tokens here (RFC 8414, section 2). */
export function describeAuthorizationServer(): AuthorizationServer {
  const { publicUrl } = config();
  return {
    issuer: publicUrl,
    authorization_endpoint: `${publicUrl}/oauth/authorize`,
    device_authorization_endpoint: `${publicUrl}/api/v1/oauth/device`,
    token_endpoint: `${publicUrl}/api/v1/token`,
    token_endpoint_auth_methods_supported: [...CLIENT_AUTHENTICATION, NONE],
    revocation_endpoint: `${publicUrl}/api/v1/token/revoke`,
    revocation_endpoint_auth_methods_supported: [...CLIENT_AUTHENTICATION, NONE],
    introspection_endpoint: `${publicUrl}/api/v1/token/introspect`,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    grant_types_supported: ["client_credentials", ...COMMAND_LINE_GRANTS],
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    scopes_supported: SCOPES.map(({ scope }) => scope),
  };
}
