/** Digits of an id that choose its bucket: 4,096 of them. */
const BUCKET_DIGITS = 3;
const BUCKETS = 16 ** BUCKET_DIGITS;

/** Something of a call, in a table by the call's id. */
export interface CallLinked<Self> {
  readonly callId: string;
  /** The next one in the same bucket; only the table changes it. Whoever makes one begins with null. */
  next: Self | null;
}

/**
 * What a `Map` by the call's id is, but for what comes and goes with every call: the tables that a `Map` leaves behind as it does keep all that was in them
 * (lib/slot-set.ts). Here each bucket is a list of its members, and one that leaves keeps none of the others.
 */
export class IntentTable<Member extends CallLinked<Member>> {
  readonly #buckets: (Member | null)[] = new Array<Member | null>(BUCKETS).fill(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(callId: string): Member | null {
    let member = this.#buckets[bucketOf(callId)] ?? null;
    while (member !== null && member.callId !== callId) member = member.next;
    return member;
  }

  /** In place of one with the same id. */
  set(member: Member): void {
    this.delete(member.callId);
    const bucket = bucketOf(member.callId);
    member.next = this.#buckets[bucket] ?? null;
    this.#buckets[bucket] = member;
    this.#size += 1;
  }

  /** False: it was not in it. */
  delete(callId: string): boolean {
    const bucket = bucketOf(callId);
    let before: Member | null = null;
    let member = this.#buckets[bucket] ?? null;
    while (member !== null && member.callId !== callId) {
      before = member;
      member = member.next;
    }
    if (member === null) return false;
    if (before === null) this.#buckets[bucket] = member.next;
    else before.next = member.next;
    member.next = null;
    this.#size -= 1;
    return true;
  }

  /** In no order. */
  all(): Member[] {
    const all: Member[] = [];
    for (const first of this.#buckets)
      for (let member = first; member !== null; member = member.next) all.push(member);
    return all;
  }
}

/** By its last digits, which are random (RFC 9562 §5.7). */
function bucketOf(callId: string): number {
  let bucket = 0;
  for (let at = callId.length - BUCKET_DIGITS; at < callId.length; at++)
    bucket = (bucket << 4) | digit(callId.charCodeAt(at));
  return bucket;
}

/** Of `0` to `9` and `a` to `f` their value, of others any. */
const digit = (code: number): number => ((code & 15) + (code >> 6) * 9) & 15;
