import type { RawBuilder } from 'kysely'
import type { Database } from '../db/kysely.ts'
import type { Words } from '../errors/words.ts'

/**
 * The shapes in which modules declare the vocabulary of conditions, scorecards and reports: fields, metrics, events.
 * The platform only carries them (`installation.vocabulary`); what they mean is their module's.
 */

/** How a value is compared, and which operators it has. */
export const valueKinds = ['text', 'one_of', 'many_of', 'number', 'date', 'boolean'] as const
export type ValueKind = (typeof valueKinds)[number]

/** What kinds of facts there are: who writes them notes it, and what was worked out from them follows. */
export const factKinds = [
  'customer',
  'usage',
  'contracts',
  'tickets',
  'billing',
  'surveys',
  'communications',
  'contacts',
  'success',
  'health',
] as const
export type FactKind = (typeof factKinds)[number]

export type RecordKind = 'customer' | 'contact'

/** A field of a customer or a contact that conditions may name. */
export interface FieldDefinition {
  /** As conditions name it: `status`, `attributes.sites`, `metrics.usage.active_people_30`, `segments`. */
  id: string
  record: RecordKind
  words: Words
  kind: ValueKind
  /** Heading under which choosers show it. */
  group: string
  /** What it is worked out from. */
  facts: FactKind
  /** Reads it from the record `c`, or from the join `figures_now` for metrics. */
  value: RawBuilder<unknown>
  /** A field of kind `date` that holds moments: days are those of the company's time zone. */
  isMoment?: boolean
  /** Of kind `many_of`: whether any of the values is held, where that can be asked better than of `value`. */
  holdsAny?: (wanted: readonly string[]) => RawBuilder<boolean>
  /** Read from the customer's current figures, which have to be joined as `figures_now`. */
  isMetric?: boolean
  /** It becomes another one without a fact being noted: whoever follows it looks again every hour. */
  changesByItself?: true
  /** Its place among the figures. */
  place?: number
  unit?: MetricUnit
  choices?: readonly { value: string; words: Words }[]
}

/** `count` of things, `percent` 0 to 100, `ratio` 0 to 1 and more, `money` in the customer's currency. */
export type MetricUnit = 'count' | 'percent' | 'ratio' | 'days' | 'hours' | 'points' | 'money' | 'date'

export interface MetricDefinition {
  /** `usage.active_people_30`: the source's area, then what it counts and over how many days. */
  key: string
  words: Words
  /** What it says, in a sentence. */
  definition: Words
  /** How it is worked out, as arithmetic that reads the same in both languages. */
  formula: string
  unit: MetricUnit
  /** What is better. */
  direction: 'up' | 'down' | 'neither'
  /**
   * It is made of what is only known as it is now (a field without history): a past day keeps what was worked out then.
   */
  undated?: true
  /** Days that it looks back; undefined: everything before the day. */
  window?: number
}

/** What it takes to read a company's own part of the vocabulary: every context has it. */
export interface Reader {
  tenantId: string
  tx: Database
  now: Date
  installation: { vocabulary: Vocabulary }
}

/** As of when metrics are worked out, and for whom. */
export interface AsOf {
  tenantId: string
  /** The day, in the company's time zone: facts of later days are not known. */
  day: RawBuilder<string>
  /** The moment at which that day ends. */
  end: RawBuilder<string>
  /** The company's time zone. */
  zone: string
  /** A condition that keeps to the customers asked for, on the expression of a customer's id. */
  only(customer: RawBuilder<unknown>): RawBuilder<boolean>
  /** How many days back the metrics that are asked for look, where all of them say so: older rows need not be read. */
  window?: number
}

/** Metrics that one pass over one kind of rows gives: `select customer, aggregates from rows group by customer`. */
export interface MetricSource {
  key: string
  facts: FactKind
  /** What stands behind FROM, conditions included; every table of it names its tenant. */
  rows(at: AsOf): RawBuilder<unknown>
  /** The expression of the customer's id in these rows. */
  customer: RawBuilder<unknown>
  metrics: readonly (MetricDefinition & {
    /** The aggregate. */
    value(at: AsOf): RawBuilder<unknown>
    /** What customers without a row have: a count is 0; null where nothing can be said. */
    missing: number | null
  })[]
}

/** A metric that follows from others. */
export interface DerivedMetric extends MetricDefinition {
  /** Keys of what it is made of: `metric` gives their values. */
  of: readonly string[]
  value(metric: (key: string) => RawBuilder<number>): RawBuilder<unknown>
}

/** Something that happens to a customer, as `announce` names it. */
export interface EventDefinition {
  type: string
  words: Words
}

/** Something that others name by its key: a template, a message inside the product, a channel. */
export interface NamedThing {
  kind: 'message_template' | 'in_app' | 'notice_channel'
  key: string
}

/** Something of a company whose meaning hangs on the vocabulary: a segment, a scorecard, a rule, a stage. */
export interface VocabularyUse {
  kind: string
  id: string
  name: Words
  /** Fields as conditions name them (`attributes.sites`, `metrics.usage.dau_mau`), of which kind of record. */
  fields: readonly { record: RecordKind; id: string }[]
  /** Ids of segments. */
  segments: readonly string[]
  /** What it sends or tells by, by its key, while it runs. */
  names?: readonly NamedThing[]
  /** The field that it works out: no segment that it names may look at that field, or the two go in a circle. */
  decides?: { record: RecordKind; id: string }
}

/** What a module adds to the vocabulary. */
export interface VocabularyPart {
  fields?: readonly FieldDefinition[]
  /** Fields that differ by company: its attributes, its metrics. */
  ownFields?: (reader: Reader, record: RecordKind) => Promise<readonly FieldDefinition[]>
  sources?: readonly MetricSource[]
  derived?: readonly DerivedMetric[]
  /** Metrics that a company defined itself. */
  ownMetrics?: (reader: Reader) => Promise<{ sources: readonly MetricSource[]; derived: readonly DerivedMetric[] }>
  events?: readonly EventDefinition[]
  /** What of the module names fields and segments, so that none of them goes while it is needed. */
  uses?: (reader: Reader) => Promise<readonly VocabularyUse[]>
}

/** The parts of all modules. */
export type Vocabulary = readonly VocabularyPart[]
