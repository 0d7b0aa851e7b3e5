import { isPortTaken } from './listen.ts'
import { AppError } from './platform/errors/app-error.ts'

/** How the program ends, for scripts and for the supervisor; documented in docs/guide/settings.md and operate.md. */
export const exitCode = {
  well: 0,
  fault: 1,
  wrongSettings: 2,
  portTaken: 3,
  refused: 4,
  /** `kizuna audit verify` found a chain that was tampered with. */
  brokenChain: 5,
  /** `kizuna doctor` found something that does not work. */
  unwell: 6,
} as const

export function exitCodeOf(error: unknown): number {
  if (isPortTaken(error)) return exitCode.portTaken
  if (!(error instanceof AppError)) return exitCode.fault
  return error.code === 'invalid_input' ? exitCode.wrongSettings : exitCode.refused
}
