const dayLength = 86_400_000

/** Days since 1970-01-01 of a date. */
export function dayNumber(date: Date): number {
  return Math.floor(date.getTime() / dayLength)
}

/** `YYYY-MM-DD` of a day number. */
export function dayText(day: number): string {
  return new Date(day * dayLength).toISOString().slice(0, 10)
}

export function dateOf(day: number): Date {
  return new Date(day * dayLength)
}

/** A moment in the working hours of Tokyo on a day. */
export function workingMoment(day: number, share: number): string {
  return new Date(day * dayLength + Math.floor(share * 9 * 3_600_000)).toISOString()
}
