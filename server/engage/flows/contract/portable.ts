import { z } from 'zod'
import { line } from '../../../platform/http/contract.ts'
import { portableFlowDocument } from './document.ts'
import { flowKinds } from './flows.ts'
import { inBoth } from './steps.ts'
import { key } from './triggers.ts'

/** A flow as files hold it. With `enabled` its document is published, with `draft` it waits for somebody who does. */
export const flowItem = z.strictObject({
  key,
  nameJa: line(100),
  nameEn: line(100),
  description: inBoth(z.string().trim().max(2_000)).default(''),
  kind: z.enum(flowKinds).default('other'),
  state: z.enum(['draft', 'enabled', 'paused']).default('enabled'),
  document: portableFlowDocument,
})
