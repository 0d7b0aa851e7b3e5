import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { line } from '../../../platform/http/contract.ts'
import { portableRecipient, recipient } from '../../alerts/contract/rules.ts'
import { severity, topic } from '../../notices/contract/shapes.ts'
import { assignment, contact, portableAssignment, priority } from '../../tasks/contract/shapes.ts'
import { clock, days, key, reference } from './triggers.ts'

/** Where a way leads: the key of a step, or null where the flow ends. */
const to = key.nullable()

/** A line of text; empty while a draft has not written it. */
const blank = (most: number) => line(most).or(z.literal(''))
const text = z.string().trim().max(5_000)
const words = (most: number) => z.strictObject({ ja: blank(most), en: blank(most) })
const texts = z.strictObject({ ja: text, en: text })
const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .or(z.literal(''))

/** What a change step sets. Tags are made where there is none of the name. */
const change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('field'),
    field: z.string().max(120),
    value: z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({
    kind: z.literal('attribute'),
    key: z.string().max(120),
    value: z.union([z.string().max(2_000), z.number(), z.boolean(), z.array(z.string().max(200)).max(50), z.null()]),
  }),
  z.strictObject({ kind: z.literal('add_tag'), tag: blank(100) }),
  z.strictObject({ kind: z.literal('remove_tag'), tag: blank(100) }),
  z.strictObject({ kind: z.literal('stage'), stage: reference }),
])
export type Change = z.output<typeof change>

/**
 * The kinds of steps.
 * @param both what a text that people read may be
 */
function stepsFor<Assign extends z.ZodType, Person extends z.ZodType>(
  assign: Assign,
  person: Person,
  both: <Text extends z.ZodType>(text: Text) => Text = text => text,
) {
  const named = {
    key,
    /** As the drawing calls it; left out: what the step does. */
    name: both(line(100)).optional(),
  }
  /** Of steps with one way out. */
  const onward = { ...named, next: to }
  const work = {
    title: both(blank(200)),
    description: both(text).optional(),
    /** Working on it may take so many days, the day of the step not counted; left out: no due day. */
    dueDays: z.number().int().min(0).max(365).optional(),
    dueTime: clock.optional(),
    priority: priority.optional(),
    assign,
    checklist: z
      .array(both(line(300)))
      .max(50)
      .optional(),
  }
  return z.discriminatedUnion('kind', [
    z.strictObject({
      ...onward,
      kind: z.literal('wait'),
      amount: z.number().int().min(1).max(10_000),
      unit: z.enum(['minutes', 'hours', 'days', 'weeks']),
      /** Of days and weeks: at this time of the recipient’s day. */
      at: clock.optional(),
    }),
    z.strictObject({
      ...onward,
      kind: z.literal('wait_date'),
      field: z.string().max(120),
      offsetDays: days,
      at: clock.default('09:00'),
    }),
    z.strictObject({
      ...onward,
      kind: z.literal('wait_working_hour'),
      from: clock.default('09:00'),
      until: clock.default('18:00'),
    }),
    z.strictObject({
      ...named,
      kind: z.literal('wait_condition'),
      condition,
      timeoutDays: z.number().int().min(1).max(3_660),
      met: to,
      timeout: to,
    }),
    z.strictObject({
      ...named,
      kind: z.literal('branch'),
      cases: z
        .array(z.strictObject({ name: both(blank(100)), condition, next: to }))
        .min(1)
        .max(20),
      otherwise: to,
    }),
    z.strictObject({
      ...named,
      kind: z.literal('split'),
      arms: z
        .array(z.strictObject({ name: both(line(100)), weight: z.number().int().min(1).max(1_000), next: to }))
        .min(2)
        .max(10),
    }),
    z.strictObject({ ...onward, kind: z.literal('task'), ...work, contact: contact.optional() }),
    z.strictObject({ ...onward, kind: z.literal('call'), ...work }),
    z.strictObject({
      ...named,
      kind: z.literal('approval'),
      question: both(blank(500)),
      approvers: z.array(person).max(10),
      withinHours: z.number().int().min(1).max(2_160),
      approved: to,
      refused: to,
      silent: to,
    }),
    z
      .strictObject({ ...onward, kind: z.literal('webhook'), channel: reference })
      .meta({ description: 'A signed message to a channel of the kind webhook.' }),
    z
      .strictObject({
        ...named,
        kind: z.literal('provision'),
        channel: reference,
        action: z.string().regex(/^[a-z][a-z0-9_.-]{0,60}$/),
        withinHours: z.number().int().min(1).max(720),
        done: to,
        failed: to,
        timeout: to,
      })
      .meta({ description: 'Asks the vendor’s product to do something, and waits for its signed answer.' }),
    z.strictObject({ ...onward, kind: z.literal('change'), changes: z.array(change).min(1).max(20) }),
    z
      .strictObject({ ...onward, kind: z.literal('assign'), to: assign })
      .meta({ description: 'Gives the customer a CSM.' }),
    z.strictObject({
      ...onward,
      kind: z.literal('notice'),
      title: words(200),
      text: texts,
      severity: severity.default('medium'),
      topic: topic.default('handling'),
      to: z.array(person).max(10).default([]),
      /** Keys of channels: Slack, Teams and others. */
      channels: z.array(key).max(10).default([]),
      /** It asks somebody to act: with it comes a task that nobody has yet, which the buttons of a card take over. */
      task: z.boolean().default(false),
    }),
    z
      .strictObject({
        ...onward,
        kind: z.literal('email'),
        template: reference,
        to: z.enum(['main', 'all']).default('main'),
      })
      .meta({ description: 'Sends a template, by its key; of a customer to its main person, or to all.' }),
    z
      .strictObject({
        ...onward,
        kind: z.literal('in_app'),
        message: reference,
        to: z.enum(['main', 'all']).default('main'),
      })
      .meta({ description: 'Shows a message inside the product, by its key.' }),
    z
      .strictObject({ ...onward, kind: z.literal('meeting'), title: both(blank(200)), link: address, assign })
      .meta({ description: 'A task to hand the customer a link for booking a meeting.' }),
    z
      .strictObject({ ...onward, kind: z.literal('certificate'), title: words(120) })
      .meta({ description: 'Issues a certificate (PDF, in both languages) to the customer, or to the person of it.' }),
    z.strictObject({ ...named, kind: z.literal('end') }),
  ])
}

/** Every kind of step: what it is told. What it does is in the file of the same name under `steps/`. */
export const step = stepsFor(assignment, recipient)
/**
 * A text in both languages. It is made one, that of the company, before anything else looks at it, so that the type stays.
 */
export const inBoth = <Text extends z.ZodType>(text: Text): Text =>
  z.union([text, z.strictObject({ ja: text, en: text })]) as unknown as Text

/** The same as files hold it that go from company to company: people by their address, teams by their name. */
export const portableStep = stepsFor(portableAssignment, portableRecipient, inBoth)
export type Step = z.output<typeof step>
export type StepKind = Step['kind']
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>

/** A way out of a step. `name` is unique in the step: a fixed word, or `case:0`, `arm:1`. */
export interface Way {
  name: string
  /** What a person called it. */
  label?: string
  to: string | null
}

/** The ways out of a step, in their order; `end` has none. */
export function waysOf(step: Step): Way[] {
  switch (step.kind) {
    case 'end':
      return []
    case 'wait_condition':
      return [
        { name: 'met', to: step.met },
        { name: 'timeout', to: step.timeout },
      ]
    case 'branch':
      return [
        ...step.cases.map(({ name, next }, place) => ({ name: `case:${place}`, label: name, to: next })),
        { name: 'otherwise', to: step.otherwise },
      ]
    case 'split':
      return step.arms.map(({ name, next }, place) => ({ name: `arm:${place}`, label: name, to: next }))
    case 'approval':
      return [
        { name: 'approved', to: step.approved },
        { name: 'refused', to: step.refused },
        { name: 'silent', to: step.silent },
      ]
    case 'provision':
      return [
        { name: 'done', to: step.done },
        { name: 'failed', to: step.failed },
        { name: 'timeout', to: step.timeout },
      ]
    default:
      return [{ name: 'next', to: step.next }]
  }
}

/** The same step with one of its ways leading elsewhere. */
export function withWay(step: Step, name: string, to: string | null): Step {
  const place = Number(name.split(':')[1])
  if (step.kind === 'branch' && name !== 'otherwise') {
    return { ...step, cases: step.cases.map((each, at) => (at === place ? { ...each, next: to } : each)) }
  }
  if (step.kind === 'split') {
    return { ...step, arms: step.arms.map((each, at) => (at === place ? { ...each, next: to } : each)) }
  }
  return { ...step, [name]: to } as Step
}

/** Kinds at which time passes: a circle of steps needs one. */
export const waitingKinds: readonly StepKind[] = [
  'wait',
  'wait_date',
  'wait_working_hour',
  'wait_condition',
  'approval',
]
