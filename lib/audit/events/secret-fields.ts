/** A field whose value is a secret wherever it stands in a recorded object; names of kinds (`credentialKind`) are not. */
const SECRET_FIELD =
  /^(password|passphrase|secret|token|credential|private_?key|client_?secret|app_?secret|(access|refresh|id|session|bearer)_?token|(token|secret|password)_?hash|totp.*|recovery_?codes?|authorization|cookie)$/i;

/**
 * A copy without the values of secret fields, whose presence stays visible. The second line of defence: what writes an event
 * leaves secrets out by itself.
 */
export function withoutSecretFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretFields);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      SECRET_FIELD.test(key) && inner !== null && inner !== undefined
        ? "[redacted]"
        : withoutSecretFields(inner),
    ]),
  );
}
