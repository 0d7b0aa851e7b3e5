import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { line } from '../../../platform/http/contract.ts'
import { priorities } from '../../tasks/contract/shapes.ts'

/** Who does a task: the CSM, others of the company by their function, or the customer. */
export const journeyRoles = ['owner', 'specialist', 'engineer', 'education', 'analyst', 'manager', 'customer'] as const
export type JourneyRole = (typeof journeyRoles)[number]
/** Roles that a template may give to a person; the CSM is the customer's, and the customer is nobody of the company. */
export const namedRoles = ['specialist', 'engineer', 'education', 'analyst', 'manager'] as const
export type NamedRole = (typeof namedRoles)[number]

const key = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/)
const dayNumber = z.number().int().min(1).max(730).meta({ description: 'Day of the journey; its first day is 1.' })
const names = { nameJa: line(120), nameEn: line(120) }
const text = z.string().trim().max(2_000)

const measure = z.strictObject({ key, ...names, condition })

const phase = z.strictObject({
  key,
  ...names,
  goalJa: text.default(''),
  goalEn: text.default(''),
  fromDay: dayNumber,
  toDay: dayNumber,
  share: z.number().min(0).max(100).default(100).meta({
    description: 'Percent of its tasks, beside the required ones, after which the next phase begins.',
  }),
  measures: z.array(measure).max(20).default([]),
})

const journeyTask = z.strictObject({
  key,
  phase: key,
  titleJa: line(200),
  titleEn: line(200),
  descriptionJa: text.default(''),
  descriptionEn: text.default(''),
  role: z.enum(journeyRoles),
  dueDay: dayNumber,
  required: z.boolean().default(true),
  /** The customer sees it on its own page, whoever does it. */
  shared: z.boolean().default(false),
  /** A training or quiz: it counts in training completion. */
  training: z.boolean().default(false),
  /** Product data that meets it fulfils the task. */
  condition: condition.nullable().default(null),
})

const warning = z.strictObject({
  key,
  ...names,
  /** What the task that it makes asks for. */
  adviceJa: text.default(''),
  adviceEn: text.default(''),
  day: dayNumber,
  /** It warns from that day on, once this holds; */
  when: condition.optional(),
  /** or after that day, where this does not hold; */
  unless: condition.optional(),
  /** or after that day, where one of these tasks is not done. */
  tasks: z.array(key).min(1).max(50).optional(),
  role: z.enum(journeyRoles).exclude(['customer']),
  urgency: z.enum(priorities).default('high'),
})

const faults = {
  twice: { ja: '同じキーが2回使われています。', en: 'The same key stands there twice.' },
  phase: { ja: 'そのフェーズはありません。', en: 'There is no such phase.' },
  task: { ja: 'そのタスクはありません。', en: 'There is no such task.' },
  days: { ja: '終了日は開始日以降にしてください。', en: 'A phase ends on the day it begins or later.' },
  last: { ja: '期限がジャーニーの日数を超えています。', en: 'It is due after the journey ends.' },
  reason: {
    ja: 'when、unless、tasks のいずれか一つを指定してください。',
    en: 'Give one of `when`, `unless` and `tasks`.',
  },
}

/** What a journey consists of: phases with tasks, measures of success, early warnings. */
export const journeyDefinition = z
  .strictObject({
    days: z.number().int().min(1).max(730),
    phases: z.array(phase).min(1).max(12),
    tasks: z.array(journeyTask).min(1).max(150),
    measures: z.array(measure).max(20).default([]),
    /** What counts as value; the days until then are the time to value. */
    value: condition.nullable().default(null),
    warnings: z.array(warning).max(50).default([]),
    /** Days without any task done, with required ones late, after which a journey is stuck. */
    stuckDays: z.number().int().min(1).max(365).default(14),
    /** Percent of the tasks that completion takes beside the required ones. */
    completeShare: z.number().min(0).max(100).default(90),
    /** It completes by itself as soon as it can. */
    completesItself: z.boolean().default(false),
  })
  .superRefine((value, check) => {
    const refuse = (path: PropertyKey[], fault: keyof typeof faults) =>
      check.addIssue({ code: 'custom', path, message: faults[fault].en, params: { words: faults[fault] } })
    for (const part of ['phases', 'tasks', 'measures', 'warnings'] as const) {
      const keys = value[part].map(each => each.key)
      for (const [place, each] of keys.entries()) if (keys.indexOf(each) < place) refuse([part, place, 'key'], 'twice')
    }
    const phases = new Set(value.phases.map(each => each.key))
    for (const [place, each] of value.phases.entries()) {
      if (each.toDay < each.fromDay) refuse(['phases', place, 'toDay'], 'days')
      if (each.toDay > value.days) refuse(['phases', place, 'toDay'], 'last')
    }
    for (const [place, each] of value.tasks.entries()) {
      if (!phases.has(each.phase)) refuse(['tasks', place, 'phase'], 'phase')
      if (each.dueDay > value.days) refuse(['tasks', place, 'dueDay'], 'last')
    }
    const tasks = new Set(value.tasks.map(each => each.key))
    for (const [place, each] of value.warnings.entries()) {
      if ([each.when, each.unless, each.tasks].filter(reason => reason !== undefined).length !== 1)
        refuse(['warnings', place], 'reason')
      if (each.tasks?.some(task => !tasks.has(task))) refuse(['warnings', place, 'tasks'], 'task')
    }
  })
export type JourneyDefinition = z.output<typeof journeyDefinition>

/** When journeys begin by themselves, once per customer and template. What happened before the rule counts for nothing. */
export const startRule = z.strictObject({
  on: z.enum(['customer', 'segment', 'contract']).meta({
    description: 'A customer was created, it came into a segment, or its contract begins.',
  }),
  /** Of `segment`: which; written as a condition, so that a blueprint can name segments by their keys. */
  segments: z
    .strictObject({
      field: z.literal('segments'),
      op: z.literal('in'),
      value: z.array(z.string().max(200)).min(1).max(20),
    })
    .optional(),
  /** Customers that it is for. */
  condition: condition.nullable().default(null),
})
export type StartRule = z.output<typeof startRule>

/** A template as it stands in a blueprint. */
export const onboardingItem = z.strictObject({
  key,
  ...names,
  starts: startRule.nullable().default(null),
  definition: journeyDefinition,
})
export type OnboardingItem = z.output<typeof onboardingItem>
