import type { Metadata } from "next";
import { notFound } from "next/navigation";

type Params = Promise<{ no: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  const { no } = await params;
  return { title: `Event ${Number(no).toLocaleString("en-US")}` };
}

/** An event's own address; the drawer of the layout shows it. */
export default async function EventHistoryEventPage({ params }: { params: Params }) {
  const { no } = await params;
  if (!/^[1-9]\d{0,15}$/.test(no)) notFound();
  return null;
}
