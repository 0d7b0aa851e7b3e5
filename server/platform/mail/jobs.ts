import { z } from 'zod'
import { accountJob, outsideJob } from '../work/definition.ts'
import { forgetMails } from './forget.ts'
import { sendMail } from './send.ts'

export const jobs = [
  outsideJob({
    name: 'mail.send',
    payload: z.object({ id: z.uuid() }),
    handle: (installation, { id }) => sendMail(installation, id),
  }),
  accountJob({
    name: 'mail.forget-contents',
    payload: z.object({}),
    schedule: '51 3 * * *',
    handle: account => forgetMails(account.tx),
  }),
]
