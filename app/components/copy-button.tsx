"use client";

import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { showFailure } from "./toaster.tsx";

/** Copies text; the icon confirms it for two seconds. With children it is a button with words, else an icon. */
export function CopyButton({
  text,
  label,
  children,
  ...rest
}: Omit<ButtonProps, "onClick"> & { text: string | (() => string); label: string; children?: ReactNode }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      setCopied(true);
    } catch {
      showFailure(
        "Nothing was copied",
        "The browser refused access to the clipboard. Select the text and copy it.",
      );
    }
  }

  const icon = copied ? <Check aria-hidden className="text-ok!" /> : <Copy aria-hidden />;
  if (children !== undefined) {
    return (
      <Button onClick={() => void copy()} {...rest}>
        {icon}
        {copied ? "Copied" : children}
      </Button>
    );
  }
  return (
    <IconButton label={copied ? "Copied" : label} size="icon-small" onClick={() => void copy()} {...rest}>
      {icon}
    </IconButton>
  );
}
