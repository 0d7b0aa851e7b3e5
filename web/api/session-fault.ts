import type { ApiProblem } from './problem.ts'

const faults = ['unauthenticated', 'second_factor_required', 'tenant_switched'] as const

/** What ends the work of a page as a whole: signed out, half signed in, or another company opened in another tab. */
export type SessionFault = (typeof faults)[number]

const listeners = new Set<(fault: SessionFault) => void>()

/** Tells whoever listens that the session is not what the page believes. Other problems are not told. */
export function reportSessionFault(problem: ApiProblem): void {
  const fault = faults.find(each => each === problem.code)
  if (fault) for (const listener of listeners) listener(fault)
}

/** Listens for the end of the session. @returns ends listening */
export function onSessionFault(listener: (fault: SessionFault) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
