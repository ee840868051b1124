/** Who is in no set. */
export const NO_SLOT = -1;

/** A member of a `SlotSet`, which knows where in it it is. Whoever makes one begins with `NO_SLOT`; only the set changes it. */
export interface Slotted {
  slot: number;
}

/**
 * A set for what comes and goes with every call. A `Set` makes a new table after so many changes and leaves in the old one where the new one is: from the
 * first table on that grew old, each keeps its successor and all that was in it, until the whole heap is looked through. Here nothing is left behind.
 * A member is in one set at most. In no order.
 */
export class SlotSet<Member extends Slotted> {
  readonly #slots: (Member | null)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(member: Member): boolean {
    return member.slot !== NO_SLOT && this.#slots[member.slot] === member;
  }

  /** @throws where it is in another one. */
  add(member: Member): void {
    if (this.has(member)) return;
    if (member.slot !== NO_SLOT) throw new Error("it is in another SlotSet");
    member.slot = this.#size;
    // Slots that are free stay: an array that shrinks is another one when it grows again.
    if (this.#size === this.#slots.length) this.#slots.push(member);
    else this.#slots[this.#size] = member;
    this.#size += 1;
  }

  /** False: it was not in it. */
  delete(member: Member): boolean {
    if (!this.has(member)) return false;
    this.#size -= 1;
    const last = this.#slots[this.#size]!;
    this.#slots[this.#size] = null;
    if (last !== member) {
      this.#slots[member.slot] = last;
      last.slot = member.slot;
    }
    member.slot = NO_SLOT;
    return true;
  }

  /** Those that are in it now, whatever becomes of it while they are gone through. */
  members(): Member[] {
    return this.#slots.slice(0, this.#size) as Member[];
  }
}
