import { z } from 'zod'
import { idParams, line, moment, pageOf, pageQuery, route } from '../../platform/http/contract.ts'

/** Kinds of surveys: NPS from 0 to 10, CSAT from 1 to 5, CES from 1 to 7. */
export const answerKinds = ['NPS', 'CSAT', 'CES'] as const

const fields = {
  customerId: z.uuid().nullable(),
  contactId: z.uuid().nullable(),
  externalId: line(200).nullable(),
  survey: line(200).nullable(),
  kind: z.enum(answerKinds),
  score: z.number().min(0).max(10).meta({ description: 'NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.' }),
  comment: z.string().max(10_000).nullable(),
  answeredAt: moment,
}
const answer = z.object({ id: z.uuid(), ...fields, contactName: z.string().nullable(), createdAt: moment })

export const listAnswers = route({
  method: 'GET',
  path: '/api/v1/survey-answers',
  operation: 'listSurveyAnswers',
  summary: 'Survey answers, latest first',
  access: 'customers.read',
  query: pageQuery.extend({
    customerId: z.uuid().optional(),
    contactId: z.uuid().optional(),
    kind: z.enum(answerKinds).optional(),
  }),
  reply: pageOf(answer),
})

export const createAnswer = route({
  method: 'POST',
  path: '/api/v1/survey-answers',
  operation: 'createSurveyAnswer',
  summary: 'Enter a survey answer',
  access: 'timeline.write',
  body: z.object(fields).partial().required({ kind: true, score: true, answeredAt: true }),
  status: 201,
  reply: answer,
})

export const deleteAnswer = route({
  method: 'DELETE',
  path: '/api/v1/survey-answers/:id',
  operation: 'deleteSurveyAnswer',
  summary: 'Delete a survey answer',
  access: 'customers.write',
  params: idParams,
  reply: null,
})
