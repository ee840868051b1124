import { beginDeviceRequest } from "../../../../../lib/identity/oauth/device/begin-device-request.ts";
import { answerOAuth } from "../../token/answer-oauth.ts";

export const dynamic = "force-dynamic";

/** RFC 8628, section 3.1. */
export const POST = (request: Request): Promise<Response> => answerOAuth(request, beginDeviceRequest);
