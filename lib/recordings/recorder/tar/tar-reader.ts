import { createHash, type Hash } from "node:crypto";
import type { CastFile } from "../../cast/cast-event.ts";
import { readPaxAttributes } from "./pax-attributes.ts";
import { readTarHeader, TAR_BLOCK_BYTES, type TarHeader } from "./tar-header.ts";

/** Of a file in a tar stream; a name that is longer is cut. */
const MAX_NAME_CHARACTERS = 1024;
/** Of what pax and GNU tar say of the next entry; it is collected. Linux has names of at most 4 KiB. */
const MAX_ATTRIBUTES_BYTES = 32 * 1024;

export type TarFile = Omit<CastFile, "direction">;

/** The entry whose content comes now. */
type Content =
  | { kind: "file"; name: string; size: number; hash: Hash }
  | { kind: "attributes"; form: "pax" | "gnu"; pieces: Buffer[] }
  | { kind: "skipped" };

/**
 * Reads a tar stream as it passes, in the forms of POSIX (ustar, pax) and GNU: names, sizes and hashes of its files. It holds a block and the
 * next entry's attributes, never content, and waits for nothing. What is no tar stream, or none any more, leaves it `broken`.
 */
export class TarReader {
  /** `ended`: the archive's end was seen, and nothing but padding after it. */
  state: "reading" | "ended" | "broken" = "reading";
  readonly #onFile: (file: TarFile) => void;
  readonly #block = Buffer.alloc(TAR_BLOCK_BYTES);
  #blockBytes = 0;
  #content: Content | null = null;
  #contentLeft = 0;
  #paddingLeft = 0;
  /** Told before an entry, of that entry. */
  #attributes: { name?: string; size?: number } = {};

  constructor(onFile: (file: TarFile) => void) {
    this.#onFile = onFile;
  }

  push(data: Buffer): void {
    let at = 0;
    while (at < data.length && this.state === "reading") {
      const rest = data.subarray(at);
      if (this.#contentLeft > 0) at += this.#takeContent(rest);
      else if (this.#paddingLeft > 0) at += this.#takePadding(rest);
      else at += this.#takeHeader(rest);
    }
    if (this.state === "ended" && data.subarray(at).some((byte) => byte !== 0)) this.state = "broken";
  }

  #takeHeader(data: Buffer): number {
    const taken = Math.min(TAR_BLOCK_BYTES - this.#blockBytes, data.length);
    data.copy(this.#block, this.#blockBytes, 0, taken);
    this.#blockBytes += taken;
    if (this.#blockBytes < TAR_BLOCK_BYTES) return taken;
    this.#blockBytes = 0;
    const header = readTarHeader(this.#block);
    if (header === null) this.state = "broken";
    else if (header === "zeros") this.state = "ended";
    else this.#begin(header);
    return taken;
  }

  #begin(header: TarHeader): void {
    const content = this.#contentOf(header);
    if (content === null) {
      this.state = "broken";
      return;
    }
    this.#content = content;
    this.#contentLeft = content.kind === "file" ? content.size : header.size;
    this.#paddingLeft = (TAR_BLOCK_BYTES - (this.#contentLeft % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;
    if (this.#contentLeft === 0) this.#endContent();
  }

  #contentOf({ type, name, size }: TarHeader): Content | null {
    if (type === "x" || type === "L") {
      if (size > MAX_ATTRIBUTES_BYTES) return null;
      return { kind: "attributes", form: type === "x" ? "pax" : "gnu", pieces: [] };
    }
    // Of all entries, and the long target of a link: neither says anything of one file.
    if (type === "g" || type === "K") return { kind: "skipped" };
    const told = this.#attributes;
    this.#attributes = {};
    if (type === "0" || type === "\0" || type === "7")
      return { kind: "file", name: told.name ?? name, size: told.size ?? size, hash: createHash("sha256") };
    // Links, folders and devices have no content; anything else, such as GNU's sparse files, could not be followed.
    return "123456".includes(type) && size === 0 ? { kind: "skipped" } : null;
  }

  #takeContent(data: Buffer): number {
    const taken = data.subarray(0, this.#contentLeft);
    if (this.#content?.kind === "file") this.#content.hash.update(taken);
    else if (this.#content?.kind === "attributes") this.#content.pieces.push(Buffer.from(taken));
    this.#contentLeft -= taken.length;
    if (this.#contentLeft === 0) this.#endContent();
    return taken.length;
  }

  #takePadding(data: Buffer): number {
    const taken = Math.min(this.#paddingLeft, data.length);
    this.#paddingLeft -= taken;
    return taken;
  }

  #endContent(): void {
    const content = this.#content;
    this.#content = null;
    if (content?.kind === "file") {
      const { name, size, hash } = content;
      this.#onFile({ name: name.slice(0, MAX_NAME_CHARACTERS), size, sha256: hash.digest("hex") });
    } else if (content?.kind === "attributes")
      this.#takeAttributes(content.form, Buffer.concat(content.pieces));
  }

  #takeAttributes(form: "pax" | "gnu", data: Buffer): void {
    const read =
      form === "pax" ? readPaxAttributes(data) : { name: data.toString("utf8").replace(/\0.*$/s, "") };
    if (read === null) this.state = "broken";
    else Object.assign(this.#attributes, read);
  }
}
