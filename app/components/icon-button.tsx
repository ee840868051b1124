"use client";

import { Button, type ButtonProps } from "./button.tsx";
import { Tooltip } from "./tooltip.tsx";

/** An icon that is a button: its name is read aloud and shown on hover, with the key that does the same. */
export function IconButton({ label, keys, ...rest }: ButtonProps & { label: string; keys?: string }) {
  return (
    <Tooltip label={label} keys={keys}>
      <Button size="icon" look="ghost" aria-label={label} {...rest} />
    </Tooltip>
  );
}
