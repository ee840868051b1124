// A receiver of webhooks that may be killed: numbers are in its file, on the disk, before it says that it took them. PORT and FILE come from the environment.
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const { PORT = "0", FILE = "", MEASURE_LAG = "" } = process.env;
const file = openSync(FILE, "a");
const NUMBER = /"no":(\d+)/g;
const TIME = /"executedAt":"([^"]+)"/g;
let lags: number[] = [];

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString();
  const numbers = Array.from(body.matchAll(NUMBER), ([, no]) => no);
  if (MEASURE_LAG !== "")
    for (const [, time] of body.matchAll(TIME)) lags.push(Date.now() - Date.parse(time!));
  writeSync(file, `${numbers.join("\n")}\n`);
  fdatasyncSync(file);
  response.writeHead(204).end();
});
server.listen(Number(PORT), "127.0.0.1", () => process.send!(server.address()));
process.on("message", () => {
  process.send!(lags);
  lags = [];
});
process.on("disconnect", () => {
  closeSync(file);
  process.exit();
});
