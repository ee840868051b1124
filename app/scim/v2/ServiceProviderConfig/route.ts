import { serviceProviderConfig } from "../../../../lib/identity/scim/protocol/described.ts";
import { handleScim } from "../handle-scim.ts";

export const GET = handleScim(null, async () => ({ body: serviceProviderConfig() }));
