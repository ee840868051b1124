/** The list alone: see the layout. */
export default function RequestAuditPage() {
  return null;
}
