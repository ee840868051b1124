import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["meta", "code", "body", "nav", "title", "heading", "page"],
      radius: ["1", "2", "3"],
      shadow: ["pop"],
    },
  },
});

/** Joins class names; where two Tailwind classes set the same property the later wins. */
export function classNames(...values: ClassValue[]): string {
  return merge(clsx(values));
}
