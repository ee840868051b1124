/** How the text begins that stands in the place of a body of which nothing was kept. */
export const BODY_NOT_KEPT = "# The body is not kept";
