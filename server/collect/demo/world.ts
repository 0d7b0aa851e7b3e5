import type { JsonValue } from '../../platform/context/context.ts'
import type { Course } from './behaviour.ts'
import type { Chance } from './chance.ts'
import type { CompanyName } from './names.ts'
import type { DemoPlan } from './plans.ts'

/** What one person did of one thing on one day. */
export interface Use {
  /** Place of the contact in the story. */
  contact: number
  day: number
  feature: string
  events: number
}

export interface World {
  seed: number
  customers: number
  months: number
  /** Day number of today. */
  today: number
  /** Members who look after customers, and those who write up conversations. */
  owners: readonly string[]
  /** Makes the id of a record. */
  id(): string
}

export type Values = Record<string, JsonValue | undefined>
export interface Row {
  id: string
  values: Values
}

export interface DemoContact extends Row {
  /** Named `u:<user id>`, as the product calls the person. */
  person: string
  /** How much of the customer's engagement is theirs. */
  activity: number
  firstDay: number
  lastDay: number
}

/** All that is known of one customer; pure: the same for the same seed and number. */
export interface Story {
  number: number
  chance: Chance
  company: CompanyName
  plan: DemoPlan
  course: Course
  customer: Row
  /** Day of the first contract; the time that is told begins on `startDay`. */
  signedDay: number
  startDay: number
  /** Day on which it left. */
  endDay: number | undefined
  ownerId: string | null
  /** Who looked after it before a hand-over, and until when. */
  formerOwner: { id: string; until: number } | undefined
  contacts: DemoContact[]
  contract: Row | undefined
  /** Changes of the price: from which day, monthly. */
  prices: { day: number; amount: number }[]
  use: Use[]
}
