import type { ByteReader } from "../byte-pipe.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { openInput, openOutput } from "./input-files.ts";
import { humanSize, parseSize } from "./options.ts";

export const dd: Program = async (process) => {
  const operands = new Map<string, string>();
  for (const arg of process.args) {
    const match = /^(if|of|bs|count|skip|ibs|obs|status|conv|iflag|oflag)=(.*)$/s.exec(arg);
    if (match === null) return process.fail(`unrecognized operand '${arg}'`);
    operands.set(match[1]!, match[2]!);
  }
  const blockBytes = parseSize(operands.get("bs") ?? "512");
  const count = operands.get("count");
  const blocks = count === undefined ? Number.POSITIVE_INFINITY : parseSize(count);
  const skipped = parseSize(operands.get("skip") ?? "0");
  if (blockBytes === undefined || blockBytes === 0 || blocks === undefined || skipped === undefined)
    return process.fail("invalid number");
  const input = operands.get("if");
  const output = operands.get("of");
  const reader = input === undefined ? process.stdin : openInput(process, input);
  const writer = output === undefined ? process.stdout : openOutput(process, output);
  const started = performance.now();
  await discard(process, reader, blockBytes * skipped);
  let bytes = 0;
  const wanted = Math.min(Number.MAX_SAFE_INTEGER, blockBytes * blocks);
  while (bytes < wanted) {
    const chunk = await process.read(reader);
    if (chunk === null) break;
    const taken = chunk.subarray(0, wanted - bytes);
    reader.unread(chunk.subarray(taken.length));
    await writer.write(taken, process.signal);
    bytes += taken.length;
  }
  if (operands.get("status") !== "none")
    await report(process, bytes, blockBytes, (performance.now() - started) / 1000);
  return 0;
};

async function discard(process: ProcessContext, reader: ByteReader, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const chunk = await process.read(reader);
    if (chunk === null) return;
    reader.unread(chunk.subarray(left));
    left -= Math.min(left, chunk.length);
  }
}

async function report(
  process: ProcessContext,
  bytes: number,
  blockBytes: number,
  seconds: number,
): Promise<void> {
  const records = `${Math.floor(bytes / blockBytes)}+${bytes % blockBytes === 0 ? 0 : 1} records`;
  const rate = humanSize(Math.round(bytes / Math.max(seconds, 0.000_001)));
  await process.printError(
    `${records} in\n${records} out\n${bytes} bytes (${humanSize(bytes)}B) copied, ${seconds.toFixed(6)} seconds, ${rate}B/s\n`,
  );
}
