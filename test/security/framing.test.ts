import { NextRequest } from "next/server";
import { beforeAll, expect, test } from "vitest";
// @ts-expect-error: a program of its own, without types
import nextConfig from "../../next.config.mjs";
import { proxy } from "../../proxy.ts";

// What the build puts in their place.
beforeAll(() => {
  Object.assign(globalThis, { __DEVELOPMENT__: false });
});

test.each([
  "/oauth/authorize?client_id=kubewitness-cli",
  "/oauth/device?user_code=BCDF-GHJK",
  "/audit/overview",
])("no site may frame %s", async (path) => {
  const answer = proxy(new NextRequest(new URL(path, "https://kubewitness.example")));
  const policy = answer.headers.get("content-security-policy");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("form-action 'self'");
  const [everywhere] = await nextConfig("phase-production-server").headers!();
  expect(everywhere).toMatchObject({
    source: "/:path*",
    headers: expect.arrayContaining([{ key: "X-Frame-Options", value: "DENY" }]),
  });
});
