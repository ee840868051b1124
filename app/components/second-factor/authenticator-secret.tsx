import type { PendingAuthenticator } from "../../../lib/identity/second-factor/schema.ts";
import { CopyLines } from "../form/shown-once.tsx";

/** An authenticator app's secret: to be scanned, or typed where no camera is. */
export function AuthenticatorSecret({ pending: { secret, qrCode } }: { pending: PendingAuthenticator }) {
  const { path, side } = qrCode;
  return (
    <div className="grid gap-3">
      <p className="text-nav text-fg-2">
        Scan this with an authenticator app, such as the one that your password manager has.
      </p>
      <svg
        role="img"
        aria-label="QR code of the authenticator's secret; the same as text is below"
        viewBox={`0 0 ${side} ${side}`}
        shapeRendering="crispEdges"
        className="w-[208px] max-w-full rounded-2 border border-line bg-white"
      >
        <path d={path} fill="#000" />
      </svg>
      <CopyLines
        values={[{ label: "Secret, to be typed", text: secret.match(/.{1,4}/g)?.join(" ") ?? secret }]}
      />
    </div>
  );
}
