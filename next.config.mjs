import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js";

/** Headers of every answer; the Content-Security-Policy carries a nonce and is set in proxy.ts. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
  },
];

/** @returns {import("next").NextConfig} */
export default function nextConfig(phase) {
  return {
    poweredByHeader: false,
    reactStrictMode: true,
    devIndicators: false,
    // Pictures of the console are static; anybody could let the optimizer fetch and compute.
    images: { unoptimized: true },
    // `npm run check` checks all types; a build need not do it again.
    typescript: { ignoreBuildErrors: true },
    // An installation builds once, and nobody debugs it: maps and a cache for the next build cost the first start more than they give.
    experimental: { turbopackSourceMaps: false, turbopackFileSystemCacheForBuild: false },
    allowedDevOrigins: ["127.0.0.1", "localhost"],
    compiler: { define: { __DEVELOPMENT__: phase === PHASE_DEVELOPMENT_SERVER } },
    serverExternalPackages: [
      "@peculiar/x509",
      "@prisma/adapter-pg",
      "@prisma/client",
      "next-auth",
      "pg",
      "pino",
      "prom-client",
      "undici",
    ],
    // Where RFC 8414, section 3 has clients look; TypeScript and Biome pass over folders whose names begin with a dot.
    rewrites: async () => [
      { source: "/.well-known/oauth-authorization-server", destination: "/api/v1/token/metadata" },
    ],
    headers: async () => [{ source: "/:path*", headers: securityHeaders }],
  };
}
