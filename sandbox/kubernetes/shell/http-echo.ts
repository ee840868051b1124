/** A request to one of the sandbox's pods. */
export interface EchoedRequest {
  namespace: string;
  pod: string;
  ip: string;
  image: string;
  port: number;
  method: string;
  path: string;
  host: string;
  userAgent: string;
}

/** The answer of every HTTP port in the sandbox: which pod answered what. Paths under /nope and /404 are not found. */
export function describeRequest(request: EchoedRequest): { status: number; text: string } {
  const path = request.path.split("?")[0];
  if (path === "/healthz" || path === "/readyz" || path === "/livez") return { status: 200, text: "ok" };
  if (path === "/nope" || path === "/404") return { status: 404, text: "404 page not found\n" };
  const lines = [
    `hello from ${request.pod}`,
    "",
    `Pod:        ${request.namespace}/${request.pod}`,
    `Pod IP:     ${request.ip}`,
    `Image:      ${request.image}`,
    `Port:       ${request.port}`,
    `Request:    ${request.method} ${request.path}`,
    `Host:       ${request.host}`,
    `User-Agent: ${request.userAgent}`,
    "",
  ];
  return { status: 200, text: lines.join("\n") };
}
