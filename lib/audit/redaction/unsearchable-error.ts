/** Says that a body cannot be searched for secrets: nothing of it may be kept. The message completes "The body is not kept: ...". */
export class UnsearchableError extends Error {}
