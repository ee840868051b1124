import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ExportJob } from "./export-job.ts";

const FILE = Buffer.from(Array.from({ length: 50_000 }, (_, at) => `{"no":${at}}\n`).join(""));
const BREAKS_AT = 123_457;
const ID = "0192f6a0-0000-7000-8000-000000000000";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server that knows one export: `answer` writes its bytes from an offset on. */
async function serve(answer: (response: ServerResponse, offset: number) => void) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const resume = new URL(request.url ?? "", "http://localhost").searchParams.get("resume");
    response.writeHead(200, {
      "X-Export-Id": ID,
      "X-Export-Rows": "50000",
      "Content-Disposition": 'attachment; filename="request-audit.ndjson"',
    });
    answer(response, Number(resume?.split(".")[1] ?? 0));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { asked, endpoint: `http://127.0.0.1:${port}/api/v1/request-audit` };
}

const jobFor = (endpoint: string, format: "csv" | "ndjson" = "ndjson") =>
  new ExportJob({
    endpoint,
    name: "request-audit",
    format,
    total: null,
    query: { window: { from: 0, to: 86_400_000 }, timeZone: "UTC", filter: 'verb = "get"', search: "" },
  });

test.each([
  ["csv", "true"],
  ["ndjson", null],
] as const)("a %s asks for a byte order mark: %s", async (format, bom) => {
  const { asked, endpoint } = await serve((response) => response.end("a\r\n"));
  await jobFor(endpoint, format).run();
  expect(new URL(asked[0]!, "http://localhost").searchParams.get("bom")).toBe(bom);
});

test("a broken export goes on at the byte where it stopped, and the file is whole", async () => {
  let broken = false;
  const { asked, endpoint } = await serve((response, offset) => {
    if (broken) {
      response.end(FILE.subarray(offset));
      return;
    }
    broken = true;
    response.write(FILE.subarray(0, BREAKS_AT), () => setImmediate(() => response.destroy()));
  });
  const job = jobFor(endpoint);
  await job.run();
  expect(job.state).toBe("failed");
  expect(job.failure).not.toBe("");
  const received = job.progress.bytes;

  await job.run();
  expect(job.state).toBe("done");
  expect(asked[1]).toBe(`/api/v1/request-audit/export?resume=${ID}.${received}`);
  expect(Buffer.from(await job.file().arrayBuffer()).equals(FILE)).toBe(true);
  expect(job.progress).toMatchObject({ rows: 50_000, total: 50_000, bytes: FILE.length });
  expect(job.fileName).toBe("request-audit.ndjson");
});

test("the first request carries exactly the page's query", async () => {
  const { asked, endpoint } = await serve((response) => response.end(FILE));
  await jobFor(endpoint).run();
  const { searchParams } = new URL(asked[0] ?? "", endpoint);
  expect(Object.fromEntries(searchParams)).toEqual({
    from: "1970-01-01T00:00:00Z",
    to: "1970-01-02T00:00:00Z",
    timeZone: "UTC",
    filter: 'verb = "get"',
    format: "ndjson",
  });
});

test("a cancelled export ends the request and keeps nothing", async () => {
  const closed = Promise.withResolvers<void>();
  const { endpoint } = await serve((response) => {
    response.on("close", () => closed.resolve());
    response.write(FILE.subarray(0, 1000));
  });
  const job = jobFor(endpoint);
  const running = job.run();
  await new Promise<void>((resolve) => {
    const leave = job.subscribe(() => {
      if (job.progress.bytes === 0) return;
      leave();
      resolve();
    });
  });
  job.cancel();
  await Promise.all([running, closed.promise]);
  expect(job.state).toBe("cancelled");
  expect(job.file().size).toBe(0);
});
