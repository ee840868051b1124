"use client";

import { useEffect, useRef, useState } from "react";

/** The text in the search field, which searches by itself shortly after the last letter. */
export function useSearchDraft(applied: string, apply: (text: string) => void) {
  const [text, setText] = useState(applied);
  const [seen, setSeen] = useState(applied);
  const latest = useRef(apply);
  latest.current = apply;
  if (seen !== applied) {
    setSeen(applied);
    setText(applied);
  }
  useEffect(() => {
    if (text === applied) return;
    const timer = setTimeout(() => latest.current(text), 300);
    return () => clearTimeout(timer);
  }, [text, applied]);
  return { text, setText };
}
