/** A line, or a program of it, that is not taken; the message says why and what to write instead. Nothing of the line ran. */
export class LineRefusal extends Error {
  override readonly name = "LineRefusal";
}
