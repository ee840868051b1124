/** The list alone: see the layout. */
export default function EventHistoryPage() {
  return null;
}
