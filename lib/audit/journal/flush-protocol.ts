/** Numbers that the journal's thread and the flush thread share (Int32Array). */
export const WORD = {
  /** Up to which turn somebody wants the disk to have what is written, and up to which it has; both wrap. */
  asked: 0,
  flushed: 1,
  /** 1: whoever waits for `flushed` is to be woken. */
  waiting: 2,
  /** How many turns' frames were asked for in all, which wraps: a flush for many is followed by a pause. */
  frames: 3,
  stop: 4,
  /** Stays 0: a pause is a wait for it to change. */
  never: 5,
} as const;
export const WORDS = 8;

export interface FlushThreadData {
  shared: SharedArrayBuffer;
  /** The journal's folder, whose new names have to last too. */
  directory: string;
}

/** A segment that takes bytes from now on. `anew`: those before are not looked at any more, and a failure is over. */
export interface CoverSegment {
  fd: number;
  anew: boolean;
}

/** A flush failed: nothing that was not flushed before can be relied on. */
export interface FlushFailed {
  message: string;
  code: string | undefined;
}

/** Whether turn `a` comes at or after turn `b`, both of 32 bits that wrap. */
export const isReached = (a: number, b: number): boolean => ((a - b) | 0) >= 0;
