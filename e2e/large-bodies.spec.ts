import { globSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { consoleUrl } from "./support/installation.ts";
import { expect, test } from "./support/test.ts";

/** The paths of every page and route that there is, from their files; anything for a parameter. */
function everyPath(): string[] {
  const app = path.join(import.meta.dirname, "../app");
  const files = globSync("**/{page.tsx,route.ts}", { cwd: app });
  const paths = files.map((file) =>
    path
      .dirname(`/${file}`)
      .replace(/\/\([^/]+\)/g, "")
      .replace("[...nextauth]", "session")
      .replace(/\[[^/]+\]/g, "1"),
  );
  return [...new Set(paths), "/healthz", "/readyz", "/metrics", "/ca.crt", "/nowhere", "/_next/x"];
}

interface Attack {
  status: number;
  sentBytes: number;
}

/** Sends as much of 600 MB as the server takes, in chunks, and yields what it answered. */
function sendLargeBody(method: string, target: string): Promise<Attack> {
  const chunk = Buffer.alloc(256 * 1024, " ");
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    const request = http.request(new URL(target, consoleUrl()), { method, agent: false });
    request.on("error", () => {});
    request.setHeader("Transfer-Encoding", "chunked");
    request.once("response", (response) => {
      response.resume();
      request.destroy();
      resolve({ status: response.statusCode ?? 0, sentBytes });
    });
    request.once("close", () => reject(new Error(`${method} ${target} was cut off without an answer`)));
    const write = () => {
      if (request.destroyed || sentBytes >= 600_000_000) return;
      sentBytes += chunk.length;
      request.write(chunk, write);
    };
    write();
  });
}

test("no path takes a body of 600 MB from a stranger", async () => {
  test.setTimeout(300_000);
  const paths = everyPath();
  expect(paths.length).toBeGreaterThan(60);
  for (const target of paths) {
    for (const method of ["POST", "GET"]) {
      const { status, sentBytes } = await sendLargeBody(method, target);
      expect(status, `${method} ${target}`).toBe(413);
      // It is told at once; how much goes out before it hears of it is up to how busy it is itself.
      expect(sentBytes, `${method} ${target}`).toBeLessThan(300_000_000);
    }
  }
});

test("nothing upgrades at the console, so that no stranger keeps a connection by it", async () => {
  for (const target of ["/_next/webpack-hmr", "/_next/x", "/", "/api/v1/me"]) {
    const status = await new Promise<number>((resolve, reject) => {
      const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
      const request = http.request(new URL(target, consoleUrl()), { headers, agent: false }).end();
      request.once("response", (response) => resolve(response.resume().statusCode ?? 0));
      request.once("upgrade", () => reject(new Error(`${target} was upgraded`)));
      request.once("error", reject);
    });
    expect(status, target).toBe(404);
  }
});
