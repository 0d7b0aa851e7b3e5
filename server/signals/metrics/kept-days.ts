/** For how many days every day is kept, then one a week, then one a month. */
export interface Keeping {
  daily_days: number
  weekly_days: number
  monthly_days: number
}

const dayLength = 86_400_000

/** Days of the calendar as YYYY-MM-DD, from one on, into the past or the future. */
export function shiftDay(day: string, by: number): string {
  return new Date(Date.parse(day) + by * dayLength).toISOString().slice(0, 10)
}

/** Whether the figures of a day are kept, seen from today: every day, Sundays, or last days of months, by age. */
function isKept(day: string, today: string, keeping: Keeping): boolean {
  const age = (Date.parse(today) - Date.parse(day)) / dayLength
  if (age < 0) return false
  if (age <= keeping.daily_days) return true
  if (age <= keeping.weekly_days && new Date(Date.parse(day)).getUTCDay() === 0) return true
  return age <= keeping.monthly_days && shiftDay(day, 1).endsWith('-01')
}

/** The days whose figures are kept, from the youngest (yesterday) to `oldest`. */
export function keptDays(today: string, oldest: string, keeping: Keeping): string[] {
  const days: string[] = []
  for (let day = shiftDay(today, -1); day >= oldest; day = shiftDay(day, -1)) {
    if (isKept(day, today, keeping)) days.push(day)
  }
  return days
}
