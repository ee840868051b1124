/** What stands in the record in place of a secret. */
export const redactedBytes = (bytes: number): string => `[redacted ${bytes} bytes]`;
export const redactedText = (text: string): string => redactedBytes(Buffer.byteLength(text));
