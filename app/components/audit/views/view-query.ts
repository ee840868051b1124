/** The parts of an address that a kept view is: not which row is open nor whether it is watched. */
const LEFT_OUT = ["live", "facets"];

/** Whether two query strings show the same, in whatever order and however they are escaped. */
export function sameView(a: string, b: string): boolean {
  return normalized(a) === normalized(b);
}

function normalized(query: string): string {
  const parameters = new URLSearchParams(query);
  for (const name of LEFT_OUT) parameters.delete(name);
  parameters.sort();
  return parameters.toString();
}
