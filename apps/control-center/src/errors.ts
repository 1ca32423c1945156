/** What was asked for does not exist. */
export class NotFoundError extends Error {
  override name = "NotFoundError";
}

/** The question makes no sense; the message says what would. */
export class BadRequestError extends Error {
  override name = "BadRequestError";
}
