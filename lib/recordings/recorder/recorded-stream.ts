import { createHash, type Hash } from "node:crypto";
import { isBinary, isPlainText } from "./is-text.ts";
import { beginsTar, TAR_BLOCK_BYTES } from "./tar/tar-header.ts";
import { type TarFile, TarReader } from "./tar/tar-reader.ts";

/** What a stream turned out to carry. */
export interface StreamContent {
  /** Whole characters; bytes that are none come as U+FFFD. */
  onText(text: string): void;
  onFile(file: TarFile): void;
  /** At the stream's end, where it was not all text and no whole tar stream: all of it. */
  onBinary(binary: { bytes: number; sha256: string }): void;
}

/** Text of a stream whose characters may be cut anywhere. */
class TextReader {
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #onText: (text: string) => void;

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  push(data: Buffer): void {
    this.#tell(this.#decoder.decode(data, { stream: true }));
  }

  end(): void {
    this.#tell(this.#decoder.decode());
  }

  #tell(text: string): void {
    if (text !== "") this.#onText(text);
  }
}

/** A stream of a session as it is put on record. */
export interface RecordedStream {
  push(data: Buffer): void;
  end(): void;
}

/** Of a terminal: whatever comes is what it shows. */
export function terminalStream(onText: StreamContent["onText"]): RecordedStream {
  return new TextReader(onText);
}

/**
 * Of a session without a terminal: text, a tar stream, or something else that nobody reads. Each piece is judged anew, so that nothing readable
 * hides behind a few bytes that are not. `expectsTar`: the command says so, and a first block is waited for.
 */
export class PlainStream implements RecordedStream {
  readonly #content: StreamContent;
  readonly #text: TextReader;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  #mode: "begin" | "text" | "binary" | "tar" = "begin";
  #expectsTar: boolean;
  #head: Buffer = Buffer.alloc(0);
  #tar: TarReader | null = null;
  #wasBinary = false;

  constructor({ expectsTar }: { expectsTar: boolean }, content: StreamContent) {
    this.#expectsTar = expectsTar;
    this.#content = content;
    this.#text = new TextReader((text) => content.onText(text));
  }

  push(data: Buffer): void {
    this.#hash.update(data);
    this.#bytes += data.length;
    if (this.#mode === "begin") this.#begin(data);
    else this.#take(data);
  }

  end(): void {
    if (this.#mode === "begin") this.#goOn(this.#head);
    this.#text.end();
    if (this.#tar !== null && this.#tar.state !== "ended") this.#wasBinary = true;
    if (this.#wasBinary) this.#content.onBinary({ bytes: this.#bytes, sha256: this.#hash.digest("hex") });
  }

  #begin(data: Buffer): void {
    const head = this.#head.length === 0 ? data : Buffer.concat([this.#head, data]);
    if (this.#expectsTar && head.length < TAR_BLOCK_BYTES) {
      this.#head = Buffer.from(head);
      return;
    }
    this.#head = Buffer.alloc(0);
    if (beginsTar(head)) {
      this.#tar = new TarReader((file) => this.#content.onFile(file));
      this.#mode = "tar";
      this.#take(head);
    } else this.#goOn(head);
  }

  #goOn(head: Buffer): void {
    this.#mode = "text";
    if (head.length > 0) this.#take(head);
  }

  #take(data: Buffer): void {
    if (this.#mode === "tar") {
      this.#tar!.push(data);
      return;
    }
    if (this.#mode === "text" && isBinary(data)) {
      this.#text.end();
      this.#mode = "binary";
      this.#wasBinary = true;
    } else if (this.#mode === "binary" && isPlainText(data)) this.#mode = "text";
    if (this.#mode === "text") this.#text.push(data);
  }
}
