/** Kubernetes' protobuf bodies begin with these bytes, then `runtime.Unknown` (k8s.io/apimachinery/pkg/runtime/generated.proto). */
const MAGIC = Buffer.from("k8s\0", "latin1");
const NAME = /^[\w./-]{1,100}$/;

/** `v1 Secret`, from the TypeMeta at the head of a body, or null where it has none. Nothing else is read. */
export function protobufKind(body: Buffer): string | null {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  // Field 1 of Unknown: TypeMeta, whose fields 1 and 2 are apiVersion and kind.
  const typeMeta = readField(body, MAGIC.length, 1);
  const apiVersion = typeMeta && readField(typeMeta.value, 0, 1);
  const kind = typeMeta && apiVersion && readField(typeMeta.value, apiVersion.end, 2);
  if (!kind) return null;
  const name = `${apiVersion.value.toString("latin1")} ${kind.value.toString("latin1")}`;
  return name.split(" ").every((part) => NAME.test(part)) ? name : null;
}

/** A length-delimited field shorter than 128 bytes at `offset`. */
function readField(bytes: Buffer, offset: number, number: number): { value: Buffer; end: number } | null {
  const [tag, length] = bytes.subarray(offset, offset + 2);
  if (tag !== ((number << 3) | 2) || length === undefined || length >= 0x80) return null;
  const end = offset + 2 + length;
  return end > bytes.length ? null : { value: bytes.subarray(offset + 2, end), end };
}
