/** What a row of `recording_text` holds: a command line, or lines that were shown. */
export const TEXT_KIND = { command: 1, output: 2 } as const;
export type TextKind = (typeof TEXT_KIND)[keyof typeof TEXT_KIND];
