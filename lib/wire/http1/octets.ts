/** What an octet may be part of, as bits of `OCTETS`. */
export const TOKEN = 1;
export const FIELD_VALUE = 2;
export const TARGET = 4;

const TOKEN_OCTETS = /[!#$%&'*+\-.^_`|~0-9A-Za-z]/;
/** A fragment is no part of a target (RFC 9112 §3.2): who drops it reads another target than who keeps it. */
const TARGET_OCTETS = /[\x21\x22\x24-\x7e]/;

/** By octet: `TOKEN` (RFC 9110 §5.6.2), `FIELD_VALUE` (§5.5: no control character but HTAB; bytes beyond ASCII as they are), `TARGET` (visible ASCII). */
export const OCTETS: Uint8Array = new Uint8Array(256).map((_, octet) => {
  const char = String.fromCharCode(octet);
  const isValue = octet === 0x09 || (octet >= 0x20 && octet !== 0x7f);
  return (
    (TOKEN_OCTETS.test(char) ? TOKEN : 0) |
    (isValue ? FIELD_VALUE : 0) |
    (TARGET_OCTETS.test(char) ? TARGET : 0)
  );
});

export const CR = 0x0d;
export const LF = 0x0a;
export const TAB = 0x09;
export const isBlank = (octet: number): boolean => octet === 0x20 || octet === TAB;
