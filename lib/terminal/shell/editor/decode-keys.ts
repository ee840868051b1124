/** A key, or a text that was pasted (bracketed paste) or typed. */
export type Key = { kind: "text"; text: string } | { kind: "key"; name: string };

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/** Of a longer paste nothing is taken up to its end: what was cut off would be read as typed, line ends as Enter. */
const LONGEST_PASTE = 64 * 1024;

/** Names by the last bytes of a sequence (xterm, "PC-Style Function Keys"). */
const SEQUENCES: Record<string, string> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[7~": "home",
  "[4~": "end",
  "[8~": "end",
  "[3~": "delete",
  "[5~": "page-up",
  "[6~": "page-down",
  "[1;5C": "word-right",
  "[1;5D": "word-left",
  "[1;3C": "word-right",
  "[1;3D": "word-left",
  "[3;5~": "kill-word-right",
  f: "word-right",
  b: "word-left",
  d: "kill-word-right",
  "\x7f": "kill-word-left",
};

/** Reads keys from what a terminal sends; what is not taken as a key stays, so that it can be passed on as it came. */
export class KeyDecoder {
  #bytes = Buffer.alloc(0);
  /** Within a paste that is too long. */
  #dropping = false;

  push(data: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, data]);
  }

  /** Bytes that have not been read as keys yet. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Takes them out. */
  takeRest(): Buffer {
    const rest = this.#bytes;
    this.#bytes = Buffer.alloc(0);
    return rest;
  }

  /** The next key; null where there is none, or only a part of one. */
  next(): Key | null {
    if (this.#bytes.length === 0) return null;
    if (this.#bytes[0] === 0x1b) return this.#escape();
    const first = this.#bytes[0]!;
    if (first < 0x20 || first === 0x7f) {
      this.#drop(1);
      return { kind: "key", name: CONTROL[first] ?? `ctrl-${String.fromCharCode(first + 96)}` };
    }
    return this.#text();
  }

  #drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }

  #text(): Key | null {
    let end = 0;
    while (end < this.#bytes.length && this.#bytes[end]! >= 0x20 && this.#bytes[end] !== 0x7f) end++;
    const whole = end < this.#bytes.length ? end : wholeCharacters(this.#bytes);
    if (whole === 0) return null;
    const text = this.#bytes.subarray(0, whole).toString("utf8");
    this.#drop(whole);
    return { kind: "text", text };
  }

  #escape(): Key | null {
    const text = this.#bytes.toString("latin1", 0, 32);
    if (text.startsWith(PASTE_START)) return this.#paste();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins each sequence
    const [sequence] = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])/s.exec(text) ?? [];
    if (!sequence) {
      if (text.length < 32) return null;
      this.#drop(1);
      return { kind: "key", name: "unknown" };
    }
    this.#drop(sequence.length);
    return { kind: "key", name: SEQUENCES[sequence.slice(1)] ?? "unknown" };
  }

  #paste(): Key | null {
    const end = this.#bytes.indexOf(PASTE_END);
    this.#dropping ||= (end < 0 ? this.#bytes.length : end) > LONGEST_PASTE;
    if (end < 0) {
      // The end may have begun.
      if (this.#dropping)
        this.#bytes = Buffer.concat([Buffer.from(PASTE_START), this.#bytes.subarray(1 - PASTE_END.length)]);
      return null;
    }
    const text = this.#bytes.toString("utf8", PASTE_START.length, end);
    this.#drop(end + PASTE_END.length);
    if (!this.#dropping) return { kind: "text", text };
    this.#dropping = false;
    return { kind: "key", name: "too-long-paste" };
  }
}

const CONTROL: Record<number, string> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  127: "backspace",
};

/** How many of the bytes are whole characters of UTF-8: at most three bytes of a begun one are left. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
