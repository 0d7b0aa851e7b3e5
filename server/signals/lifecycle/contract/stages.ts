import { z } from 'zod'
import { condition } from '../../../catalog/conditions/contract.ts'
import { customerStatuses } from '../../../customers/accounts/contract/customers.ts'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { colleague, portableColleague } from '../../../platform/identity/contract/colleague.ts'

export const stageKinds = ['open', 'won', 'lost'] as const
const stageStates = ['enabled', 'paused'] as const
export const mostStages = 30

const channels = z.array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}$/)).max(10)
const body = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .refine(text => text.isWellFormed() && !text.includes('\u0000'))

/** What is done once for each lead that comes into a stage. */
function actionsTo<Colleague extends z.ZodType, Owner extends z.ZodRawShape>(whom: Colleague, owner: Owner) {
  return z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('notify'),
      to: z.array(whom).max(10).default([]),
      channels: channels.default([]).meta({ description: 'Keys of channels.' }),
    }),
    z.strictObject({ kind: z.literal('sync'), channels: channels.min(1) }).meta({
      description: 'The lead’s fields go to channels of kind webhook, signed: a program writes them to the CRM.',
    }),
    z
      .strictObject({
        kind: z.literal('create_customer'),
        status: z.enum(customerStatuses).default('ONBOARDING'),
        ...owner,
      })
      .meta({ description: 'A customer of the domain or the name is linked where there is one; else it is made.' }),
    z.strictObject({
      kind: z.literal('welcome_mail'),
      subjectJa: line(200),
      subjectEn: line(200),
      bodyJa: body,
      bodyEn: body,
    }),
  ])
}
export const stageAction = actionsTo(colleague, { ownerId: z.uuid().nullable().default(null) })
export type StageAction = z.output<typeof stageAction>
const portableAction = actionsTo(portableColleague, { owner: z.email().nullable().default(null) })

const fields = {
  nameJa: line(100),
  nameEn: line(100),
  kind: z.enum(stageKinds),
  condition: condition
    .nullable()
    .meta({ description: 'A lead that meets it is moved here, never back. null: only by hand.' }),
  actions: z.array(stageAction).max(10),
  state: z.enum(stageStates),
}
const actNow = z
  .boolean()
  .default(false)
  .meta({ description: 'Whether actions are carried out for the leads that this very change moves.' })

const newStage = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/)
    .meta({ description: 'What `lifecycleStage` of a contact holds.' }),
  ...fields,
  kind: fields.kind.default('open'),
  condition: fields.condition.default(null),
  actions: fields.actions.default([]),
  state: fields.state.default('enabled'),
  actNow,
})
export type StageInput = z.output<typeof newStage>

/** A stage as it stands in a blueprint; its place in the list is its position where it names none. */
export const stageItem = newStage.omit({ actNow: true }).extend({
  actions: z.array(portableAction).max(10).default([]),
  position: z.number().int().min(1).max(1_000).optional(),
})

const stage = z.object({
  id: z.uuid(),
  key: z.string(),
  ...fields,
  position: z.number().int(),
  leads: z.number().int().meta({ description: 'Who is in it now.' }),
  entered30: z.number().int().meta({ description: 'Leads that came in the last 30 days.' }),
  medianDays: z.number().nullable().meta({ description: 'Days that leads stayed that left it in the last 90 days.' }),
  evaluatedAt: moment.nullable(),
  fault: z.string().nullable(),
  createdAt: moment,
  updatedAt: moment,
})

const base = '/api/v1/automation/lifecycle-stages'

export const listStages = route({
  method: 'GET',
  path: base,
  operation: 'listLifecycleStages',
  summary: 'The stages of leads in their order, with who is in them',
  access: 'customers.read',
  reply: z.object({
    items: z.array(stage),
    unstaged: z.number().int().meta({ description: 'Leads that are in none.' }),
  }),
})

export const getStage = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getLifecycleStage',
  summary: 'One stage',
  access: 'customers.read',
  params: idParams,
  reply: stage,
})

export const createStage = route({
  method: 'POST',
  path: base,
  operation: 'createLifecycleStage',
  summary: 'Make a stage behind the others; leads that meet its condition are moved at once',
  access: 'leads.manage',
  body: newStage,
  status: 201,
  reply: stage,
})

export const updateStage = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateLifecycleStage',
  summary: 'Change a stage, its rule or its actions, or pause it; its key stays',
  access: 'leads.manage',
  params: idParams,
  body: z.strictObject({ ...z.object(fields).partial().shape, actNow }),
  reply: stage,
})

export const deleteStage = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteLifecycleStage',
  summary: 'Delete a stage that nobody is in; the log of moves keeps its key',
  access: 'leads.manage',
  params: idParams,
  reply: null,
})

export const orderStages = route({
  method: 'POST',
  path: `${base}/order`,
  operation: 'orderLifecycleStages',
  summary: 'Put the stages into an order',
  access: 'leads.manage',
  body: z.strictObject({ ids: z.array(z.uuid()).min(1).max(mostStages) }),
  reply: z.object({ items: z.array(stage), unstaged: z.number().int() }),
})

export const useStandardStages = route({
  method: 'POST',
  path: `${base}/standard`,
  operation: 'useStandardLifecycleStages',
  summary: 'Make New, MQL, SQL, Opportunity, Won and Lost, as far as their keys are not taken',
  access: 'leads.manage',
  body: z.strictObject({ actNow }),
  status: 201,
  reply: z.object({ items: z.array(stage), unstaged: z.number().int() }),
})

export const previewStage = route({
  method: 'POST',
  path: `${base}/preview`,
  operation: 'previewLifecycleStage',
  summary: 'How many contacts meet an entry condition now, and who of them would be moved',
  access: 'leads.manage',
  body: z.strictObject({
    stageId: z
      .uuid()
      .optional()
      .meta({ description: 'The stage whose condition is changed; left out: a new last one.' }),
    kind: z.enum(stageKinds).default('open'),
    condition,
  }),
  reply: z.object({
    meeting: z.number().int(),
    moving: z.number().int(),
    samples: z.array(z.object({ id: z.uuid(), name: z.string(), from: z.string().nullable() })),
  }),
})
