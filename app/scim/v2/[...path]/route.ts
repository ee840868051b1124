import { ScimError } from "../../../../lib/identity/scim/protocol/scim-error.ts";
import { handleScim } from "../handle-scim.ts";

const answerNothing = handleScim(null, async () => {
  throw new ScimError(
    404,
    null,
    "There is nothing at this address; SCIM has Users, Groups, ServiceProviderConfig, ResourceTypes and Schemas.",
  );
});

export const GET = answerNothing;
export const POST = answerNothing;
export const PUT = answerNothing;
export const PATCH = answerNothing;
export const DELETE = answerNothing;
