/** A group call of a person, of a user or an anonymous id. */
export interface MembershipCall {
  /** Milliseconds. */
  at: number
  /** Orders calls of the same moment. */
  ref: string
  groupId: string
}

/** From when to when a person's events belong to a company in the product; milliseconds, the end excluded. */
export interface Span {
  since: number
  until: number
  groupId: string
}

/** When somebody said something, so that two sayings can be ordered whenever they arrive. */
export function stampOf(at: number, ref: string): string {
  return `${new Date(at).toISOString()} ${ref}`
}

/** Orders calls by time, those of one moment by what names them. */
export function byTime(one: { at: number; ref: string }, other: { at: number; ref: string }): number {
  return one.at - other.at || (one.ref < other.ref ? -1 : one.ref > other.ref ? 1 : 0)
}

/**
 * What group calls say of events: an event belongs to the company of the call before it or of its moment, and to that
 * of the earliest call where none came before. Calls that repeat the company before them change nothing.
 */
export function spansOf(calls: readonly MembershipCall[]): Span[] {
  const spans: Span[] = []
  for (const call of [...calls].sort(byTime)) {
    const last = spans.at(-1)
    if (last?.groupId === call.groupId) continue
    if (last && last.since === call.at) {
      last.groupId = call.groupId
      continue
    }
    if (last) last.until = call.at
    spans.push({
      since: last ? call.at : Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      groupId: call.groupId,
    })
  }
  return joined(spans)
}

/** A call that was overruled in its own moment may leave neighbours of the same company. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = []
  for (const span of spans) {
    const last = result.at(-1)
    if (last?.groupId === span.groupId) last.until = span.until
    else result.push(span)
  }
  return result
}

/** From when on two histories say something else; undefined: they are the same. */
export function divergence(before: readonly Span[], after: readonly Span[]): number | undefined {
  const longer = Math.max(before.length, after.length)
  for (let index = 0; index < longer; index++) {
    const [one, other] = [before[index], after[index]]
    if (one && other && one.groupId === other.groupId && one.since === other.since) continue
    return Math.min(one?.since ?? Number.POSITIVE_INFINITY, other?.since ?? Number.POSITIVE_INFINITY)
  }
  return undefined
}
