/** Whether a text is a UUID (RFC 9562, section 4), with hyphens, in either case. Asked for another text, a column of the type `uuid` fails. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
