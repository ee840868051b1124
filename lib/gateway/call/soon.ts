/** What a stage gives: at once, or later where it has to wait for something. */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value: in the same turn where it is there, without a promise. */
export function andThen<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
