const ESC = "\x1b";
const BEL = "\x07";

/** The pattern of an escape sequence (ECMA-48): a control sequence, a control string up to its end, or any other. */
export const ESCAPE_SEQUENCE = `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?|[ -/]*[0-~])`;
