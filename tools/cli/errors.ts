/** An error whose message is all that a user needs: what is wrong and what to do. */
export class UserError extends Error {}
