import { createHash } from "node:crypto";
import type { ByteReader } from "../byte-pipe.ts";
import { StoredContent } from "../files/file-content.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { forEachInput } from "./input-files.ts";
import { parseOptions } from "./options.ts";

type Algorithm = "sha256" | "md5";

function digestProgram(algorithm: Algorithm): Program {
  return (process) =>
    forEachInput(
      process,
      process.args.filter((arg) => arg === "-" || !arg.startsWith("-")),
      async ({ name, reader }) => {
        const hex = keptDigest(process, name, algorithm) ?? (await digest(process, reader, algorithm));
        await process.print(`${hex}  ${name}\n`);
      },
    );
}

/** Large files keep only their digests. */
function keptDigest(process: ProcessContext, name: string, algorithm: Algorithm): string | null {
  const node = name === "-" ? undefined : process.container.files.tryFind(process.path(name));
  if (node?.kind !== "file" || !(node.content instanceof StoredContent)) return null;
  const digests = node.content.digests();
  return digests?.[algorithm] ?? null;
}

async function digest(process: ProcessContext, reader: ByteReader, algorithm: Algorithm): Promise<string> {
  const hash = createHash(algorithm);
  for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader))
    hash.update(chunk);
  return hash.digest("hex");
}

export const sha256sum = digestProgram("sha256");
export const md5sum = digestProgram("md5");

const LINE_BYTES = 57;

export const base64: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "di", values: "w", long: { decode: "d", wrap: "w" } });
  if (options.error !== null) return process.fail(options.error);
  const decode = options.flags.has("d");
  const wrap = options.values.get("w") !== "0";
  return forEachInput(process, options.operands.slice(0, 1), ({ reader }) =>
    decode ? decodeBase64(process, reader) : encodeBase64(process, reader, wrap),
  );
};

async function encodeBase64(process: ProcessContext, reader: ByteReader, wrap: boolean): Promise<void> {
  let carry: Buffer = Buffer.alloc(0);
  let any = false;
  const encode = (bytes: Buffer) => {
    const text = bytes.toString("base64");
    return wrap ? text.replace(/.{1,76}/g, "$&\n") : text;
  };
  for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader)) {
    const all = Buffer.concat([carry, chunk]);
    const whole = all.length - (all.length % LINE_BYTES);
    carry = all.subarray(whole);
    any = true;
    await process.print(encode(all.subarray(0, whole)));
  }
  if (any) await process.print(encode(carry));
}

async function decodeBase64(process: ProcessContext, reader: ByteReader): Promise<void> {
  let carry = "";
  for (let chunk = await process.read(reader); chunk !== null; chunk = await process.read(reader)) {
    const text = carry + chunk.toString("latin1").replace(/\s+/g, "");
    const whole = text.length - (text.length % 4);
    carry = text.slice(whole);
    await process.write(Buffer.from(text.slice(0, whole), "base64"));
  }
  await process.write(Buffer.from(carry, "base64"));
}
