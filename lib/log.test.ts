import { expect, it } from "vitest";
import { createLogger } from "./log.ts";

const lines: string[] = [];
const logger = createLogger({ level: "info" }, { write: (line) => lines.push(line) });

it("writes one JSON line with level, time and fields", () => {
  logger.info({ cluster: "prod", durationMs: 3 }, "call forwarded");
  const line = JSON.parse(lines.at(-1)!);
  expect(line).toMatchObject({ level: "info", cluster: "prod", durationMs: 3, msg: "call forwarded" });
  expect(Number.isNaN(Date.parse(line.time))).toBe(false);
});

it("leaves secrets out at every level that a line has", () => {
  logger.warn({
    token: "s3cret-1",
    headers: {
      authorization: "Bearer s3cret-2",
      cookie: "s3cret-3",
      "set-cookie": ["s3cret-4"],
      accept: "text/html",
    },
    request: { headers: { authorization: "s3cret-5", "sec-websocket-protocol": "s3cret-6" } },
    application: { clientSecret: "s3cret-7", id: "app-1" },
    password: "s3cret-8",
  });
  expect(lines.at(-1)).not.toContain("s3cret");
  expect(lines.at(-1)).toContain("text/html");
  expect(lines.at(-1)).toContain("app-1");
});
