import { create } from "qrcode";

/** Modules of white around it (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code as the `d` of an SVG path, and the side of its square view box: nothing of the text reaches an image's address or markup of its own. */
export function qrCodePath(text: string): { path: string; side: number } {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  const parts: string[] = [];
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (modules.get(y, x)) parts.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`);
    }
  }
  return { path: parts.join(""), side: modules.size + 2 * QUIET };
}
