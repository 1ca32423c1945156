import { z } from "zod";
import { BadRequestError } from "../errors";

const number = (max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(0).max(max));

const MAX_MESSAGES = 500;

/** What may be asked of a topic's messages. */
export const messagesQuery = z.object({
  partition: number(1_000_000).optional(),
  limit: number(MAX_MESSAGES).pipe(z.int().min(1)).default(50),
  from: z.enum(["latest", "offset", "time"]).default("latest"),
  offset: number(Number.MAX_SAFE_INTEGER).optional(),
  time: number(Number.MAX_SAFE_INTEGER).optional(),
  reveal: z.enum(["0", "1"]).default("0"),
});

/** Whether personal data is asked for. */
export const revealQuery = messagesQuery.pick({ reveal: true });

/** How many dead letters are asked for. */
export const deadLettersQuery = messagesQuery.pick({ limit: true });

/** A schema to check. */
export const compatibilityBody = z.object({ schema: z.string().min(1) });

/** Numbers in a path. */
export const numberParam = number(Number.MAX_SAFE_INTEGER);

/** @throws BadRequestError naming every parameter that is wrong */
export function parsed<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    [path.join("."), message].filter(Boolean).join(": "),
  );
  throw new BadRequestError(problems.join("; "));
}
