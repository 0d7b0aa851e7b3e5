import { z } from 'zod'
import { idParams, route } from '../../../platform/http/contract.ts'

const base = '/api/v1/onboarding/certificates'
export const certificateLanguage = z.enum(['ja', 'en']).default('ja')

export const certificateShape = z.object({
  id: z.uuid(),
  title: z.object({ ja: z.string(), en: z.string() }),
  contactName: z.string().nullable().meta({ description: 'Whose it is; empty: the company’s.' }),
  issuedOn: z.string(),
})

export type IssuedCertificate = z.output<typeof certificateShape>

export const listCertificates = route({
  method: 'GET',
  path: base,
  operation: 'listCertificates',
  summary: 'The certificates that flows issued to a customer and its people, the latest first; 100 at most',
  access: 'customers.read',
  query: z.object({ customerId: z.uuid() }),
  reply: z.object({ items: z.array(certificateShape) }),
})

export const certificateFile = route({
  method: 'GET',
  path: `${base}/:id/file`,
  operation: 'certificateFile',
  summary: 'A certificate (PDF), in Japanese or English',
  access: 'customers.read',
  params: idParams,
  query: z.object({ language: certificateLanguage }),
  reply: z.string(),
  contentType: 'application/pdf',
})
