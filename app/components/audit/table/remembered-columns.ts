/** The columns that this browser last chose for a surface, as the URL writes them; null where it keeps the usual ones. */
export function rememberedColumns(surface: string): string | null {
  return window.localStorage.getItem(keyOf(surface));
}

export function rememberColumns(surface: string, text: string | null): void {
  if (text === null) window.localStorage.removeItem(keyOf(surface));
  else window.localStorage.setItem(keyOf(surface), text);
}

const keyOf = (surface: string) => `kubewitness-columns-${surface}`;
