import { type Severity, severities } from '../notices/contract/shapes.ts'

/** 1 for critical to 4 for low: what lists are sorted by. */
export function rankOf(severity: Severity): number {
  return severities.length - severities.indexOf(severity)
}
