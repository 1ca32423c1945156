/** A failure whose message is a clear sentence for the person who deploys; nothing else is printed of it. */
export class SetupError extends Error {}

/** What an error says: its innermost cause, or the errors it collects where it says nothing itself. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return messageOf(error.cause);
  if (error.message === "" && error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}
