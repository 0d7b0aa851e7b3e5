import { z } from 'zod'
import { accountJob, tenantJob } from '../work/definition.ts'
import { accountRecord, recordAccount } from './commands/account-record.ts'
import { forgetExpired, forgetKeys } from './commands/forget.ts'
import { completeResetRequest } from './commands/password.ts'
import { completeResend, keepSignUp, openPayload, type SignUpRequest } from './commands/sign-up.ts'

const sealed = z.object({ box: z.string() })

export const jobs = [
  accountJob({
    name: 'identity.keep-sign-up',
    payload: sealed,
    handle: (account, { box }) => keepSignUp(account, openPayload<SignUpRequest>(account, box)),
  }),
  accountJob({
    name: 'identity.resend-verification',
    payload: sealed,
    handle: (account, { box }) => completeResend(account, openPayload<{ email: string }>(account, box).email),
  }),
  accountJob({
    name: 'identity.request-reset',
    payload: sealed,
    handle: (account, { box }) => completeResetRequest(account, openPayload<{ email: string }>(account, box).email),
  }),
  accountJob({ name: 'identity.record-account', payload: accountRecord, handle: recordAccount }),
  accountJob({ name: 'identity.forget-expired', payload: z.object({}), schedule: '17 * * * *', handle: forgetExpired }),
  tenantJob({ name: 'identity.forget-keys', payload: z.object({}), schedule: '41 3 * * *', handle: forgetKeys }),
]
