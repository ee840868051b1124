import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { readRequestText } from "../../http/request-text.ts";

export const AUTH_PATH = "/api/auth/";
const MAX_BODY_BYTES = 64 * 1024;

export type Form = Partial<Record<string, string>>;

/** The fields of a form, or of a JSON object. */
export async function readForm(request: Request, mostBytes = MAX_BODY_BYTES): Promise<Form> {
  const text = await readRequestText(request, mostBytes);
  const type = request.headers.get("content-type") ?? "";
  if (!type.includes("application/json")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const fields = Object.entries({ ...(JSON.parse(text) as object) });
    return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    throw new AppError("invalid_argument", "The body is not JSON.", { cause });
  }
}

interface Led {
  location: string;
  cookies?: readonly string[];
}

/** Leads on: by a redirect, after which a browser gets the address (RFC 9110, section 15.4.4). */
export function redirectTo({ location, cookies = [] }: Led): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const line of cookies) headers.append("set-cookie", line);
  return new Response(null, { status: 302, headers });
}

/** Answers a form: with JSON where it asks for that, since the policy of the console's pages stops a form's redirect to elsewhere. */
export function answerForm({ json }: Form, led: Led): Response {
  const redirect = redirectTo(led);
  if (json !== "true") return redirect;
  redirect.headers.delete("location");
  return Response.json({ url: led.location }, { headers: redirect.headers });
}

/** Whether an address is one of next-auth's own pages, which there are none of. */
export function leadsToNextAuth(location: string): boolean {
  const { publicUrl } = config();
  const { origin, pathname } = new URL(location, publicUrl);
  return origin === publicUrl && pathname.startsWith(AUTH_PATH);
}
