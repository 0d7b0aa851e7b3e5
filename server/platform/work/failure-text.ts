import { AppError } from '../errors/app-error.ts'

/** Thrown for a payload that does not have the shape its definition asks for: trying again would not help. */
export class BadPayload extends Error {}

const longest = 300

/**
 * What went wrong, for administrators' eyes: never a stack, never what a value held. Messages of PostgreSQL quote
 * values, so its code and the name of the constraint stand for them; addresses and quoted texts of others are cut out.
 */
export function failureText(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.words.en}`.slice(0, longest)
  if (!(error instanceof Error)) return 'Something other than an error was thrown.'
  const { code, severity, constraint } = error as { code?: string; severity?: string; constraint?: string }
  if (severity) return `Database error ${code}${constraint ? ` on ${constraint}` : ''}.`
  const message = error.message
    .replaceAll(/[^\s<>"']+@[^\s<>"']+/g, '…')
    .replaceAll(/"[^"]*"|'[^']*'|「[^」]*」/g, '"…"')
  return `${error.name}: ${message}`.slice(0, longest)
}
