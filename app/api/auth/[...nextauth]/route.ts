import { handleSignInRequest } from "../../../../lib/identity/sign-in/handler.ts";

export const GET = (request: Request) => handleSignInRequest(request);
export const POST = (request: Request) => handleSignInRequest(request);
