import { LOCAL_ISSUER } from "../../../config/issuer.ts";
import type { LocalProvider } from "../provider/identity-provider.ts";

/** The id of the way to sign in that is this installation's own: no provider that is configured has it. */
export const LOCAL_PROVIDER_ID = "local";

/** This installation as a way to sign in: its people have no groups, and the console role that their row says. */
export function localProvider(): LocalProvider {
  return {
    id: LOCAL_PROVIDER_ID,
    kind: "local",
    flow: "local",
    name: "this installation",
    issuer: LOCAL_ISSUER,
    formerIssuer: null,
    allowedDomains: [],
    linkVerifiedEmail: false,
    groupNames: {},
    nameSetting: (field) => `${field} of ${LOCAL_PROVIDER_ID}`,
    consoleRoleOf: () => "user",
  };
}
