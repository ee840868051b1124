import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const HEADERS = path.join(import.meta.dirname, "client-headers.ts");
const ADDRESSES = path.join(import.meta.dirname, "../../http/client-address.ts");
const HEAD = path.join(import.meta.dirname, "../../wire/http1/request-head.ts");

/** Reads heads of 64 KiB, each with a name that no other has, and keeps the address in it; prints the bytes that are in use afterwards and were not before. */
const PROGRAM = `
  const { readRequestHead } = await import(${JSON.stringify(HEAD)});
  const { forwardableHeaders } = await import(${JSON.stringify(HEADERS)});
  const { createClientAddressReader } = await import(${JSON.stringify(ADDRESSES)});
  const addressOf = createClientAddressReader(["127.0.0.1"]);
  const addresses = [];
  const filler = "x".repeat(65_536);
  function read(index) {
    const text = "GET /version HTTP/1.1\\r\\nHost: a\\r\\nX-Name-Of-Its-Own-" + index + ": 1\\r\\nX-Forwarded-For: 203.113.113.113\\r\\nX-Filler: " + filler + "\\r\\n\\r\\n";
    const head = readRequestHead(Buffer.from(text), 0);
    addresses.push(addressOf("127.0.0.1", head.headers["x-forwarded-for"]));
    return forwardableHeaders(head.rawHeaders).length + Object.keys(head.headers).length;
  }
  read(0);
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let index = 1; index <= 900; index++) read(index);
  gc();
  console.log(process.memoryUsage().heapUsed - before);
`;

test("names and addresses that are remembered keep nothing of the heads that they came in", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--expose-gc", "--input-type=module", "-e"],
    PROGRAM,
  ]);
  expect(Number(stdout)).toBeLessThan(8 * 2 ** 20);
}, 60_000);
