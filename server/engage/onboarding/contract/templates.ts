import { z } from 'zod'
import { idParams, line, moment, route } from '../../../platform/http/contract.ts'
import { journeyDefinition, namedRoles, onboardingItem, startRule } from './definition.ts'

const base = '/api/v1/onboarding/templates'
const state = z.enum(['enabled', 'archived'])

/** Of one company alone: no part of what a blueprint holds. */
const people = z.partialRecord(z.enum(namedRoles), z.uuid()).meta({
  description:
    'Who has a role in journeys that begin from now on; for others whoever has the fewest open tasks is chosen.',
})

const template = z.object({
  id: z.uuid(),
  key: z.string(),
  nameJa: z.string(),
  nameEn: z.string(),
  state,
  version: z.number().int(),
  days: z.number().int(),
  phases: z.number().int(),
  tasks: z.number().int(),
  running: z.number().int(),
  completed: z.number().int(),
  starts: startRule.nullable(),
  fault: z.string().nullable(),
  updatedAt: moment,
})
export type OnboardingTemplate = z.output<typeof template>

const wholeTemplate = template.extend({ people, definition: journeyDefinition })
export type WholeTemplate = z.output<typeof wholeTemplate>

export const listOnboardingTemplates = route({
  method: 'GET',
  path: base,
  operation: 'listOnboardingTemplates',
  summary: 'Templates of onboarding journeys with how many customers are in each',
  access: 'customers.read',
  reply: z.object({ items: z.array(template) }),
})

export const createOnboardingTemplate = route({
  method: 'POST',
  path: base,
  operation: 'createOnboardingTemplate',
  summary: 'Make a template: phases, tasks, measures, early warnings',
  access: 'onboarding.manage',
  body: onboardingItem.partial({ key: true }).extend({ people: people.optional() }),
  status: 201,
  reply: wholeTemplate,
})

export const getOnboardingTemplate = route({
  method: 'GET',
  path: `${base}/:id`,
  operation: 'getOnboardingTemplate',
  summary: 'One template with what it consists of',
  access: 'customers.read',
  params: idParams,
  reply: wholeTemplate,
})

export const updateOnboardingTemplate = route({
  method: 'PATCH',
  path: `${base}/:id`,
  operation: 'updateOnboardingTemplate',
  summary: 'Change a template; another definition makes a new version, and running journeys stay on theirs',
  access: 'onboarding.manage',
  params: idParams,
  body: z.strictObject({
    nameJa: line(120).optional(),
    nameEn: line(120).optional(),
    state: state.optional(),
    starts: startRule.nullable().optional(),
    people: people.optional(),
    definition: journeyDefinition.optional(),
    version: z.number().int().positive().optional().meta({
      description: 'The version that was changed; refused with 409 where there is a newer one.',
    }),
  }),
  reply: wholeTemplate,
})

export const deleteOnboardingTemplate = route({
  method: 'DELETE',
  path: `${base}/:id`,
  operation: 'deleteOnboardingTemplate',
  summary: 'Delete a template that no customer ever went through; others can be archived',
  access: 'onboarding.manage',
  params: idParams,
  reply: null,
})
