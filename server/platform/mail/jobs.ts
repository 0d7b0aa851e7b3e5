import { z } from 'zod'
import { outsideJob } from '../work/definition.ts'
import { sendMail } from './send.ts'

export const jobs = [
  outsideJob({
    name: 'mail.send',
    payload: z.object({ id: z.uuid() }),
    handle: (installation, { id }) => sendMail(installation, id),
  }),
]
