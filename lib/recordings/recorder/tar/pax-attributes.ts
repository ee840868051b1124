/**
 * The records of pax's form that say something of a file: `30 path=a/name\n`, the length of the whole record first
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03). Null where they are none.
 */
export function readPaxAttributes(data: Buffer): { name?: string; size?: number } | null {
  const attributes: { name?: string; size?: number } = {};
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    if (space === -1 || space - at > 10) return null;
    const length = Number(data.toString("latin1", at, space));
    const end = at + length;
    if (!Number.isInteger(length) || end > data.length || data[end - 1] !== 0x0a || end <= space) return null;
    const record = data.toString("utf8", space + 1, end - 1);
    const equals = record.indexOf("=");
    if (equals === -1) return null;
    const value = record.slice(equals + 1);
    if (record.startsWith("path=")) attributes.name = value;
    if (record.startsWith("size=")) {
      const size = Number(value);
      if (!/^\d+$/.test(value) || !Number.isSafeInteger(size)) return null;
      attributes.size = size;
    }
    at = end;
  }
  return attributes;
}
