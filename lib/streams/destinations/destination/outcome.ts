/** What became of a batch. */
export type Outcome =
  /** All of it is there for good. */
  | { is: "taken" }
  /** What is named was not taken, all else is there for good. `forGood`: it never will be; else it is sent again, in its order. */
  | { is: "partly"; refused: RefusedRecord[] }
  /** Nothing was taken now (unreachable, busy, 429, 5xx): the same batch comes again, not before `retryAfterMs`. */
  | { is: "later"; reason: string; retryAfterMs?: number }
  /** It is more than the receiver takes at once (413): halves of it come next. */
  | { is: "tooLarge"; reason: string }
  /** The receiver says that it is gone for good (410): the stream stops, and says so. */
  | { is: "gone"; reason: string }
  /** The receiver does not take it and says why (400, 401, 403, 404, 422): halved to find what it refuses where `records`, tried again later where it is its `access`. */
  | { is: "refused"; because: "records" | "access"; reason: string };

/** One record that was not taken. */
export interface RefusedRecord {
  /** Its place in the batch, from 0. */
  index: number;
  /** In words, for the page: what the receiver said, at most some hundred characters, never a secret. */
  reason: string;
  forGood: boolean;
}
