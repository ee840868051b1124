import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { AppError } from "../../../errors.ts";
import { processState } from "../../../process-state.ts";

// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane at the least. RFC 9106 has the algorithm.
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** At once, off the event loop: each holds its memory and a thread of Node's pool, which others need. */
const MOST_AT_ONCE = 2;
/** So many wait, of all. */
const MOST_WAITING = 40;

const SHAPE =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;
const derive = promisify(argon2) as (algorithm: "argon2id", parameters: Argon2Parameters) => Promise<Buffer>;

const room = processState("identity/password-hashes", () => ({
  running: 0,
  waiting: [] as (() => void)[],
}));

/**
 * What is stored of a password: Argon2id in PHC's string format, https://github.com/P-H-C/phc-string-format.
 * @throws AppError `resource_exhausted` while too many are computed.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await compute(password, { ...COST, salt, tagLength: TAG_BYTES });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

/**
 * Whether it is that password. Without a hash the same is computed and the answer is no: how long it takes does not say whether somebody
 * is known.
 * @throws AppError `resource_exhausted` while too many are computed.
 */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const kept = readHash(hash ?? NOBODYS);
  const { tag, ...cost } = kept;
  const computed = await compute(password, { ...cost, tagLength: tag.length });
  return timingSafeEqual(computed, tag) && hash !== null;
}

const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

const NOBODYS = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${text(randomBytes(SALT_BYTES))}$${text(randomBytes(TAG_BYTES))}`;

function readHash(hash: string) {
  const [, memory, passes, parallelism, salt = "", tag = ""] = SHAPE.exec(hash) ?? [];
  if (tag === "") throw new Error("a password's hash is not in the format that is written here");
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

interface Computation {
  memory: number;
  passes: number;
  parallelism: number;
  salt: Buffer;
  tagLength: number;
}

async function compute(password: string, { salt, ...cost }: Computation): Promise<Buffer> {
  await enter();
  try {
    // One text may be written as several sequences of code points (NIST SP 800-63B, section 3.1.1.2).
    return await derive("argon2id", { message: password.normalize("NFKC"), nonce: salt, ...cost });
  } finally {
    leave();
  }
}

async function enter(): Promise<void> {
  if (room.running < MOST_AT_ONCE) {
    room.running += 1;
    return;
  }
  if (room.waiting.length >= MOST_WAITING) {
    throw new AppError("resource_exhausted", "Too many people sign in at once. Try again in a moment.", {
      retryAfterSeconds: 2,
    });
  }
  await new Promise<void>((resolve) => room.waiting.push(resolve));
}

/** The place goes to who waits longest. */
function leave(): void {
  const next = room.waiting.shift();
  if (next) next();
  else room.running -= 1;
}
