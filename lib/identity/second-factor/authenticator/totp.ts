import { Secret, TOTP } from "otpauth";

// RFC 6238 with what every authenticator app knows: SHA-1, six digits, 30 seconds.
const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;
/** A clock may be wrong by one step (RFC 6238, section 5.2). */
const WINDOW = 1;

const ISSUER = "Kubewitness";

/** A new secret, 160 random bits in base32 (RFC 4226, section 4). */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What the QR code says: the key URI that apps read. */
export function totpUri({ secret, account }: { secret: string; account: string }): string {
  return totpOf(secret, account).toString();
}

/**
 * The time step that a code is of, seconds since the epoch divided by 30; null where it is of none that counts now. Whoever accepts it keeps the
 * step: a code counts once (RFC 6238, section 5.2).
 */
export function stepOfCode({
  secret,
  code,
  now = Date.now(),
}: {
  secret: string;
  code: string;
  now?: number;
}): number | null {
  const delta = totpOf(secret).validate({ token: code, window: WINDOW, timestamp: now });
  return delta === null ? null : Math.floor(now / 1_000 / PERIOD_SECONDS) + delta;
}

function totpOf(secret: string, label = ""): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });
}
