import type { NextRequest } from "next/server";
import { handleSignInRequest } from "../../../../lib/identity/sign-in/handler.ts";

export const GET = (request: NextRequest) => handleSignInRequest(request);
export const POST = (request: NextRequest) => handleSignInRequest(request);
