import { createCipheriv, randomBytes } from "node:crypto";

const KEY = randomBytes(32);
const IV = randomBytes(12);
const RECORD = randomBytes(1_400);
const MEMORY = new Float64Array(2 ** 18);
const OBJECT = JSON.stringify({
  items: Array.from({ length: 8 }, (_, index) => ({ index, name: `n-${index}`, labels: { a: "b" } })),
});
let place = 0;

/** What a process does between two stages of one call: it seals records, reads JSON, and walks through memory that is not the chain's. */
export function doOtherWork(): number {
  const cipher = createCipheriv("aes-256-gcm", KEY, IV);
  cipher.update(RECORD);
  cipher.final();
  const { items } = JSON.parse(OBJECT) as { items: unknown[] };
  // As much as the first cache of a core holds.
  let sum = items.length;
  for (let i = 0; i < 4_096; i += 8) {
    place = (place + 8) % MEMORY.length;
    sum += MEMORY[place]!++;
  }
  return sum;
}
