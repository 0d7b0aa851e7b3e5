/** What a customer's year with the product is worked out from. */
export interface ReturnInput {
  people: number
  /** What an hour of one of them costs. */
  hourlyRate: number
  /** Pieces of work a month: issues, in the product of the source. */
  workPerMonth: number
  /** Hours that the product saves with each. */
  hoursPerWork: number
  /** Months of the year in which it saves them in full. */
  months: number
  /** What the product costs a year. */
  price: number
}

export interface Return {
  hours: number
  saved: number
  /** What is left of it after the price. */
  net: number
  /** How many times the price is saved; null where nothing is paid. */
  times: number | null
}

/**
 * What hours are worth against a price over the same time: hours x rate, and that over the price, to one decimal.
 * So have the reviews of the source: 87.5 h x 5,000 = 437,500 against 29,400 for three months is 14.9 times.
 */
export function returnOfHours(hours: number, hourlyRate: number, price: number): Return {
  const saved = Math.round(hours * hourlyRate)
  return { hours, saved, net: saved - price, times: price > 0 ? Math.round((saved / price) * 10) / 10 : null }
}

/**
 * What a year with the product brings: pieces of work a month x hours saved with each x months. The source names the
 * 2.5 hours with an issue and the result (20 people, 5,000 an hour, 400 issues a month: 11,000 h), not the formula;
 * 400 x 2.5 h is 1,000 h a month, so its year counts 11 months: the first goes into the start. All three can be changed.
 * People share the hours (`hoursPerPerson`), they do not add to them.
 */
export function returnOfYear({ workPerMonth, hoursPerWork, months, hourlyRate, price }: ReturnInput): Return {
  const hours = Math.round(workPerMonth * hoursPerWork * months * 10) / 10
  return returnOfHours(hours, hourlyRate, price)
}

/** Hours that each person gains, to one decimal; null without people. */
export function hoursPerPerson(hours: number, people: number): number | null {
  return people > 0 ? Math.round((hours / people) * 10) / 10 : null
}
