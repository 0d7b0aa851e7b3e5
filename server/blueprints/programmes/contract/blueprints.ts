import { z } from 'zod'
import { idParams, moment, route } from '../../../platform/http/contract.ts'
import { sectionNames } from './document.ts'

const base = '/api/v1/blueprints'
const section = z.enum(sectionNames)
const words = z.object({ ja: z.string(), en: z.string() })

/** A field that a change touches: its place below the item, and what stands there before and after. */
const field = z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })

const change = z.object({
  section,
  key: z.string(),
  name: words,
  action: z.enum(['create', 'change', 'delete', 'adopt']),
  /** It exists, and no blueprint made it. */
  byHand: z.boolean(),
  /** Somebody changed it since a blueprint was applied. */
  drifted: z.boolean(),
  fields: z.array(field),
  /** Why it cannot be done. */
  problem: words.nullable(),
})
export type PlannedChange = z.output<typeof change>

const move = z.object({ from: z.string().nullable(), to: z.string().nullable(), customers: z.number().int() })

/** What a plan would do to the company's data, counted by doing it and taking it back. */
const radius = z.object({
  health: z.object({
    /** Customers by colour of their band before and after; `none` without a score. */
    before: z.record(z.string(), z.number().int()),
    after: z.record(z.string(), z.number().int()),
    moves: z.array(move),
    largest: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        from: z.number().nullable(),
        to: z.number().nullable(),
        fromColour: z.string().nullable(),
        toColour: z.string().nullable(),
      }),
    ),
  }),
  tiers: z.array(z.object({ from: words.nullable(), to: words.nullable(), customers: z.number().int() })),
  segments: z.array(z.object({ key: z.string(), name: words, entered: z.number().int(), exited: z.number().int() })),
  /** Leads whose score moved by a whole point or more, and those that got hot. */
  leads: z.object({ moved: z.number().int(), hot: z.number().int() }),
  stages: z.array(z.object({ name: words, entered: z.number().int() })),
  /** Flows that would be published: for whom their triggers hold now, and how many a day brings. */
  flows: z.array(
    z.object({
      key: z.string(),
      name: words,
      subject: z.enum(['customer', 'contact']),
      matching: z.number().int(),
      perDay: z.number(),
      /** `perDay` is the least: nobody knows how often one of the triggers comes. */
      atLeast: z.boolean(),
      samples: z.array(z.object({ id: z.uuid(), name: z.string() })),
    }),
  ),
  alerts: z.array(z.object({ key: z.string(), name: words, opened: z.number().int(), closed: z.number().int() })),
})
export type BlastRadius = z.output<typeof radius>

const plan = z.object({
  /** What has to be sent along to apply exactly this plan. */
  fingerprint: z.string(),
  blueprint: z.object({ key: z.string(), name: words }).nullable(),
  /** What is wrong with the files; nothing was planned then. */
  faults: z.array(
    z.object({
      file: z.string(),
      line: z.number().int(),
      column: z.number().int(),
      path: z.string(),
      message: words,
    }),
  ),
  changes: z.array(change),
  unchanged: z.number().int(),
  /** What the blueprint names and the company does not have (yet): events, channels. */
  warnings: z.array(words),
  radius: radius.nullable(),
})
export type BlueprintPlan = z.output<typeof plan>

/** Where a blueprint comes from: one that is shipped, files, or taking an application back. */
const source = z.union([
  z.strictObject({ blueprint: z.string().max(63) }),
  z.strictObject({
    files: z
      .array(z.strictObject({ name: z.string().max(200), text: z.string().max(2_000_000) }))
      .min(1)
      .max(40),
  }),
  z.strictObject({ rollback: z.uuid() }),
])
export type BlueprintSource = z.output<typeof source>

const wish = z.strictObject({
  source,
  replaceOthers: z.boolean().default(false).meta({
    description: 'What other blueprints made and this one does not name is removed as well.',
  }),
})
export type BlueprintWish = z.output<typeof wish>

const application = z.object({
  id: z.uuid(),
  at: moment,
  byName: z.string().nullable(),
  blueprint: z.string(),
  name: words,
  kind: z.enum(['apply', 'rollback']),
  /** Taken back by a later one. */
  rolledBack: z.boolean(),
  created: z.number().int(),
  changed: z.number().int(),
  deleted: z.number().int(),
})

export const listBlueprints = route({
  method: 'GET',
  path: base,
  operation: 'listBlueprints',
  summary: 'Blueprints that come with the product, and which of them were applied',
  access: 'blueprints.manage',
  reply: z.object({
    items: z.array(
      z.object({
        key: z.string(),
        name: words,
        summary: words,
        sections: z.array(z.object({ section, items: z.number().int() })),
        appliedAt: moment.nullable(),
        /** Things of it that the company has now. */
        managed: z.number().int(),
      }),
    ),
  }),
})

export const planBlueprint = route({
  method: 'POST',
  path: `${base}/plan`,
  operation: 'planBlueprint',
  summary: 'What applying a blueprint would create, change and delete, and what that does to the company’s customers',
  access: 'blueprints.manage',
  body: wish,
  reply: plan,
})

export const applyBlueprint = route({
  method: 'POST',
  path: `${base}/apply`,
  operation: 'applyBlueprint',
  summary: 'Apply a blueprint as it was planned, in one transaction',
  access: 'blueprints.manage',
  body: wish.extend({ fingerprint: z.string().max(100) }),
  status: 201,
  reply: application,
})

export const listApplications = route({
  method: 'GET',
  path: `${base}/applications`,
  operation: 'listBlueprintApplications',
  summary: 'What was applied and taken back, latest first',
  access: 'blueprints.manage',
  reply: z.object({ items: z.array(application) }),
})

export const getApplication = route({
  method: 'GET',
  path: `${base}/applications/:id`,
  operation: 'getBlueprintApplication',
  summary: 'One application with its changes, field by field',
  access: 'blueprints.manage',
  params: idParams,
  reply: application.extend({ changes: z.array(change), radius: radius.nullable() }),
})

export const blueprintDrift = route({
  method: 'GET',
  path: `${base}/drift`,
  operation: 'blueprintDrift',
  summary: 'What was changed or deleted by hand since a blueprint made it',
  access: 'blueprints.manage',
  reply: z.object({ items: z.array(change.extend({ blueprint: z.string() })), managed: z.number().int() }),
})

export const exportBlueprint = route({
  method: 'GET',
  path: `${base}/export`,
  operation: 'exportBlueprint',
  summary: 'What the company has, as YAML that plans without a difference',
  access: 'blueprints.manage',
  query: z.object({
    blueprint: z.string().max(63).optional().meta({ description: 'Only what this blueprint made.' }),
  }),
  reply: z.string(),
  contentType: 'application/yaml',
})

export const blueprintSchema = route({
  method: 'GET',
  path: `${base}/schema`,
  operation: 'blueprintSchema',
  summary: 'JSON Schema of the YAML files, for editors',
  access: 'public',
  reply: z.record(z.string(), z.unknown()),
})
