import { notFound } from "next/navigation";

/** An address that no page has: said within the console, with its navigation. */
export default function UnknownPage(): never {
  notFound();
}
