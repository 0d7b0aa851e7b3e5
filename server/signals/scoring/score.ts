import type { Condition, PropertyCondition } from '../../catalog/conditions/contract.ts'
import {
  compileToFunction,
  eventsOf,
  type Kinds,
  type LoadedRecord,
  shiftDay,
} from '../../catalog/conditions/evaluate.ts'
import type { BehaviourRule, RuleWhen, ScorePart } from './contract/rules.ts'

/** Points are counted in millionths, as whole numbers: SQL and this function then say exactly the same. */
export const unit = 1_000_000

/** What of a rule decides on points. */
export interface PointsRule {
  part: ScorePart
  points: number
  when: RuleWhen
}

export interface Caps {
  fitCap: number
  engagementCap: number
}

export interface Score {
  /** 0 to 100, one decimal. */
  total: number
  fit: number
  engagement: number
  /** By the place of the rule in the list, one decimal is shown; in millionths. */
  points: number[]
}

/** How much of its points each age in days leaves, in millionths; as long as the rule looks back. */
export function weightsOf({ days, halfLifeDays }: Pick<BehaviourRule, 'days' | 'halfLifeDays'>): number[] {
  return Array.from({ length: days }, (_, age) =>
    halfLifeDays === null ? unit : Math.round(0.5 ** (age / halfLifeDays) * unit),
  )
}

/** Millionths to points of one decimal, halves away from zero, as PostgreSQL's round() does. */
export function shown(millionths: number): number {
  const tenths = Math.floor((Math.abs(millionths) + 50_000) / 100_000)
  return tenths === 0 ? 0 : (Math.sign(millionths) * tenths) / 10
}

/**
 * Compiles rules to a function that gives a lead's score, part by part and rule by rule.
 * @param today YYYY-MM-DD in the company's time zone
 */
export function compileScoring(
  rules: readonly PointsRule[],
  caps: Caps,
  kindOf: Kinds,
  today: string,
): (lead: LoadedRecord) => Score {
  const attributes: { place: number; holds: (lead: LoadedRecord) => boolean; points: number }[] = []
  const counted: Counter[] = []
  const looked: Counter[] = []
  for (const [place, { points, when }] of rules.entries()) {
    if (when.kind === 'attribute') {
      const holds = compileToFunction(when.condition as Condition, 'contact', kindOf, today)
      attributes.push({ place, holds, points: points * unit })
    } else (when.where.length > 0 ? looked : counted).push(counterOf(place, points, when))
  }
  const count = countersByName(counted, today)
  const isFit = rules.map(({ part }) => part === 'fit')
  const [fitCap, engagementCap] = [caps.fitCap * unit, caps.engagementCap * unit]
  const none = rules.map(() => 0)
  return lead => {
    const points = none.slice()
    for (let each = 0; each < attributes.length; each++) {
      const { place, holds, points: given } = attributes[each]!
      if (holds(lead)) points[place] = given
    }
    if (counted.length > 0) count(lead, points)
    for (const counter of looked) points[counter.place] = lookAt(counter, lead, today)
    let fit = 0
    let engagement = 0
    for (let place = 0; place < points.length; place++) {
      if (isFit[place]) fit += points[place]!
      else engagement += points[place]!
    }
    fit = Math.max(-fitCap, Math.min(fitCap, fit))
    engagement = Math.max(-engagementCap, Math.min(engagementCap, engagement))
    const total = Math.max(0, Math.min(100 * unit, fit + engagement))
    return { total: shown(total), fit: shown(fit), engagement: shown(engagement), points }
  }
}

interface Counter {
  place: number
  name: string
  where: readonly PropertyCondition[]
  /** What one time on the day itself gives. */
  points: number
  weights: readonly number[]
  byDay: boolean
  most: number
}

function counterOf(place: number, points: number, when: BehaviourRule): Counter {
  return {
    place,
    name: when.event,
    where: when.where,
    points,
    weights: weightsOf(when),
    byDay: when.count === 'days',
    most: when.most * unit,
  }
}

function capped(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value))
}

/** Counts all rules of plain events in one pass over a lead's events. */
function countersByName(counters: readonly Counter[], today: string): (lead: LoadedRecord, points: number[]) => void {
  const byName = Map.groupBy(
    counters.filter(({ byDay }) => !byDay),
    ({ name }) => name,
  )
  const days = counters.filter(({ byDay }) => byDay)
  const any = byName.get('*')
  const ages = agesOf(today, Math.max(0, ...counters.map(({ weights }) => weights.length)))
  const add = (list: readonly Counter[], age: number, count: number, points: number[]) => {
    for (let at = 0; at < list.length; at++) {
      const { place, weights, points: each } = list[at]!
      if (age < weights.length) points[place]! += count * each * weights[age]!
    }
  }
  return (lead, points) => {
    const { events } = lead
    for (let at = 0; at < events.length; at++) {
      const { name, day, count } = events[at]!
      const age = ages.get(day)
      if (age === undefined) continue
      const named = byName.get(name)
      if (named) add(named, age, count, points)
      if (any) add(any, age, count, points)
    }
    if (events.length === 0) return
    for (let at = 0; at < counters.length; at++) {
      const { place, most } = counters[at]!
      if (points[place] !== 0) points[place] = capped(points[place]!, most)
    }
    for (const counter of days) points[counter.place] = lookAt(counter, lead, today)
  }
}

/** Days that count, each with its age. */
function agesOf(today: string, days: number): ReadonlyMap<string, number> {
  return new Map(Array.from({ length: days }, (_, age) => [shiftDay(today, -age), age]))
}

/** Events one by one: of rules that look at properties, or count days. */
function lookAt(counter: Counter, lead: LoadedRecord, today: string): number {
  const { name, where, weights, points, byDay, most } = counter
  const events = eventsOf(lead, name, where, shiftDay(today, -weights.length), today)
  const weight = (day: string) => weights[Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000)]!
  const sum = byDay
    ? [...new Set(events.map(({ day }) => day))].reduce((total, day) => total + weight(day), 0)
    : events.reduce((total, { day, count }) => total + count * weight(day), 0)
  return capped(sum * points, most)
}

/** How often something happened in the days that count. */
export function timesOf(when: BehaviourRule, lead: LoadedRecord, today: string): number {
  const events = eventsOf(lead, when.event, when.where, shiftDay(today, -when.days), today)
  if (when.count === 'days') return new Set(events.map(({ day }) => day)).size
  return events.reduce((total, { count }) => total + count, 0)
}

/** What has to be loaded of a lead to score it: a condition that names it all. */
export function scoringNeeds(rules: readonly { when: RuleWhen }[]): Condition {
  return {
    all: rules.map(({ when }): Condition => {
      if (when.kind === 'attribute') return when.condition
      return behaviourCondition(when)
    }),
  }
}

/** That it happened at all, in the condition language: says whether the rule can be worked out. */
export function behaviourCondition({ event, where, days }: BehaviourRule): Condition {
  return { event, did: 'at_least', times: 1, days, where }
}
