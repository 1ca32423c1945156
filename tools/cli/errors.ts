/** An error whose message tells the user the cause and the remedy; it is printed without a stack trace. */
export class UserError extends Error {}
