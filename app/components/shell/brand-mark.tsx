/** The product's mark: a hexagon that watches. */
export function BrandMark() {
  return (
    <svg
      className="size-[18px] flex-none text-fg"
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d="M9 1.6 15.4 5.3v7.4L9 16.4 2.6 12.7V5.3z" />
      <circle cx="9" cy="9" r="2.4" fill="currentColor" stroke="none" />
    </svg>
  );
}
